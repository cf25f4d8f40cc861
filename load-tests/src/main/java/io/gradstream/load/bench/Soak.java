package io.gradstream.load.bench;

import com.sun.management.ThreadMXBean;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.step.Clip;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.OptimizerSpec;
import io.gradstream.autodiff.step.StepSpec;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.load.twin.MicroBatches;
import io.gradstream.load.twin.OurWeights;
import io.gradstream.load.twin.SyntheticRows;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Very many steps of a small network of which half the hidden units are dead, so that their moments decay through everything that is
 * smaller than a normal number.
 *
 * @param steps how many
 * @param first the processor time of a step in the first tenth of the run, in microseconds: the mean over the fastest hundredth of the run that lies in it
 * @param last the same in the last tenth
 * @param allocatedBytes what the training thread allocated on the heap
 * @param residentGrowth by how many bytes the process grew; 0 where the system does not tell
 */
record Soak(long steps, double first, double last, long allocatedBytes, long residentGrowth) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WINDOWS = 100;
    private static final int TENTH = WINDOWS / 10;

    /** After so many steps the compiler has done its work, also on a busy machine. */
    private static final int WARM_UP = 200_000;

    private static final int BATCH = 32;
    private static final int INPUTS = 16;
    private static final int HIDDEN = 32;

    static Soak run(Device device, long steps) throws IOException {
        ModelSpec model = new ModelSpec(
                IntStream.range(0, INPUTS)
                        .<InputColumn>mapToObj(i -> new InputColumn.Numeric("x" + i))
                        .toList(),
                new Architecture.Mlp(List.of(HIDDEN), Activation.RELU),
                1);
        StepSpec spec = StepSpec.of(model, Loss.BINARY_CROSS_ENTROPY, OptimizerSpec.Adam.usual())
                .clip(new Clip.Norm(1))
                .microBatch(BATCH)
                .seed(Network.SEED)
                .build();
        try (TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(model, BATCH)) {
            MicroBatches.fill(
                    batch, spec.loss(), new SyntheticRows(model, spec.loss(), false, Network.SEED).next(BATCH));
            takeSteps(step, batch, WARM_UP);
            killHalf(step);
            return measure(step, batch, Math.max(1, steps / WINDOWS));
        }
    }

    private static Soak measure(TrainingStep step, MicroBatch batch, long window) throws IOException {
        double[] micros = new double[WINDOWS];
        long resident = residentBytes();
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < WINDOWS; i++) {
            micros[i] = takeSteps(step, batch, window);
        }
        long allocatedBytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        return new Soak(
                window * WINDOWS,
                least(micros, 0, TENTH),
                least(micros, WINDOWS - TENTH, WINDOWS),
                allocatedBytes,
                residentBytes() - resident);
    }

    private static double least(double[] micros, int from, int to) {
        return Arrays.stream(micros, from, to).min().orElseThrow();
    }

    /** The mean processor time of so many steps, in microseconds. */
    private static double takeSteps(TrainingStep step, MicroBatch batch, long steps) {
        long start = THREADS.getCurrentThreadCpuTime();
        for (long i = 0; i < steps; i++) {
            step.accumulate(batch);
            step.step(Network.LEARNING_RATE);
        }
        return (THREADS.getCurrentThreadCpuTime() - start) / 1e3 / steps;
    }

    private static void killHalf(TrainingStep step) {
        float[] bias = new float[HIDDEN];
        Arrays.fill(bias, 0, HIDDEN / 2, -1000);
        OurWeights.set(step, "mlp.0.bias", bias);
    }

    private static long residentBytes() throws IOException {
        Path status = Path.of("/proc/self/statm");
        return Files.exists(status) ? Long.parseLong(Files.readString(status).split(" ", -1)[1]) * 4096 : 0;
    }

    String describe() {
        return String.format(
                Locale.ROOT,
                "%d steps: %.2f µs a step in the first tenth, %.2f in the last, %d bytes allocated, process grew by %.1f MiB",
                steps,
                first,
                last,
                allocatedBytes,
                residentGrowth / 1048576.0);
    }
}
