package io.gradstream.load.kernel;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.step.Precision;
import io.gradstream.load.bench.Network;
import io.gradstream.load.bench.OurContestant;
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
 * One training step of a network of the table: forward, backward, clip, AdamW. Numbers against libtorch come from {@code gradstream bench
 * peers}, by turns; this is for looking at one network alone, with JMH's profilers.
 *
 * <pre>{@code
 * ./gradstream bench --help   # builds
 * java $(cat pipeline/target/gradstream/jvm.flags) -cp 'load-tests/target/lib/*' org.openjdk.jmh.Main StepBenchmark -p network=1
 * }</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class StepBenchmark {
    /** A row of {@link Network#table}. */
    @Param({"0", "1", "2", "3", "4"})
    private int network;

    @Param
    private Precision precision = Precision.FP32;

    private @Nullable Device device;
    private @Nullable OurContestant contestant;

    @Setup
    public void prepare() {
        device = CpuDevice.open();
        contestant = new OurContestant(Network.table().get(network), precision, device);
    }

    @TearDown
    public void close() {
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
}
