package io.gradstream.load.kernel;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.nn.Model;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.step.Precision;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.load.bench.Network;
import io.gradstream.load.bench.OurContestant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What knowing that all gradients are finite costs, beside the step that it guards. The check is one comparison per parameter on the norm
 * that clipping needs anyway, so the pass that makes both is an upper bound of it: {@code norms} is that pass over the network's gradients,
 * {@code finite} the comparisons alone.
 *
 * <pre>{@code
 * ./gradstream bench --help   # builds
 * java $(cat pipeline/target/gradstream/jvm.flags) -cp 'load-tests/target/lib/*' org.openjdk.jmh.Main FiniteCheckBenchmark
 * }</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class FiniteCheckBenchmark {
    /** A row of {@link Network#table}. */
    @Param({"1", "2", "3"})
    private int network;

    private double[] squaredNorms = {};
    private @Nullable Device device;
    private @Nullable OurContestant contestant;
    private @Nullable Plan norms;

    @Setup
    public void prepare() {
        Network row = Network.table().get(network);
        device = CpuDevice.open();
        contestant = new OurContestant(row, Precision.FP32, device);
        List<Segment> segments = new ArrayList<>();
        int size = 0;
        for (ParameterSpec parameter : new Model(row.model()).parameters()) {
            int count = Math.toIntExact(parameter.shape().size());
            segments.add(new Segment(size, count));
            size += Math.ceilDiv(count, 16) * 16;
        }
        Tape tape = Tape.recording();
        var health = tape.input("gradients", TensorType.of(DType.F32, size))
                .apply(new GradientHealth(Segments.of(segments.toArray(Segment[]::new))));
        norms = Plan.compile(tape, device, health);
        squaredNorms = new double[segments.size()];
    }

    @TearDown
    public void close() {
        if (norms != null) {
            norms.close();
        }
        if (contestant != null) {
            contestant.close();
        }
        if (device != null) {
            device.close();
        }
    }

    @Benchmark
    public void step() {
        if (contestant != null) {
            contestant.step();
        }
    }

    @Benchmark
    public void norms() {
        if (norms != null) {
            norms.run();
        }
    }

    @Benchmark
    public boolean finite() {
        boolean finite = true;
        for (double norm : squaredNorms) {
            finite &= Double.isFinite(norm);
        }
        return finite;
    }
}
