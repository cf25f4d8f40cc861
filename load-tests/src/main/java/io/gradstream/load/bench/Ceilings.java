package io.gradstream.load.bench;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.op.Cast;
import io.gradstream.autodiff.plan.KernelTime;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.step.Precision;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.Locale;

/**
 * What one thread of this machine can do at best: floating-point operations per nanosecond in a matrix product that does nothing else,
 * and bytes per nanosecond that a pass over arrays larger than any cache moves.
 */
record Ceilings(double flops, double halfFlops, double bandwidth) {
    private static final int EXTENT = 1024;
    private static final int ELEMENTS = 16 << 20;
    private static final int RUNS = 20;

    static Ceilings of(Device device) {
        return new Ceilings(flops(device, DType.F32), flops(device, DType.BF16), bandwidth(device));
    }

    double flops(Precision precision) {
        return switch (precision) {
            case FP32 -> flops;
            case BF16, FP16 -> halfFlops;
        };
    }

    /** Whether the processor multiplies BF16 as such, and not slower than FP32 after widening it. */
    boolean multipliesHalf() {
        return halfFlops > flops;
    }

    String describe() {
        return String.format(
                Locale.ROOT,
                "One thread at best: %.0f GFLOP/s fp32, %.0f GFLOP/s bf16, %.1f GB/s",
                flops,
                halfFlops,
                bandwidth);
    }

    private static double flops(Device device, DType dtype) {
        Tape tape = Tape.recording();
        Tensor left = tape.input("left", TensorType.of(dtype, EXTENT, EXTENT));
        Tensor right = tape.input("right", TensorType.of(dtype, EXTENT, EXTENT));
        return 2.0 * EXTENT * EXTENT * EXTENT / shortest(device, tape, left.matmul(right));
    }

    private static double bandwidth(Device device) {
        Tape tape = Tape.recording();
        Tensor source = tape.input("source", TensorType.of(DType.F32, ELEMENTS));
        Tensor target = tape.input("target", TensorType.of(DType.F32, ELEMENTS));
        return 3.0 * ELEMENTS * Float.BYTES / shortest(device, tape, target.accumulate(source));
    }

    private static double shortest(Device device, Tape tape, Tensor result) {
        try (Plan plan = Plan.compile(tape, device, result)) {
            return plan
                    .profile(() -> {
                        for (int i = 0; i < RUNS; i++) {
                            plan.run();
                        }
                    })
                    .stream()
                    .filter(time -> !(time.kernel() instanceof Cast))
                    .mapToDouble(KernelTime::nanos)
                    .sum();
        }
    }
}
