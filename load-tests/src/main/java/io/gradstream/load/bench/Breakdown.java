package io.gradstream.load.bench;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.op.AddProduct;
import io.gradstream.autodiff.op.Attention;
import io.gradstream.autodiff.op.AttentionGradient;
import io.gradstream.autodiff.op.AttentionLayout;
import io.gradstream.autodiff.op.Kernel;
import io.gradstream.autodiff.op.SelfAttention;
import io.gradstream.autodiff.op.SelfAttentionGradient;
import io.gradstream.autodiff.plan.KernelTime;
import io.gradstream.autodiff.step.Precision;
import io.gradstream.autodiff.step.StepProfile;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the nanoseconds of a step are made of, and how long its matrix products would take at the machine's best. */
record Breakdown(Map<Part, Double> nanos, double gemmCeiling) {
    private static final int STEPS = 200;
    private static final long LONG_ENOUGH = 2_000_000_000L;

    Breakdown {
        nanos = Collections.unmodifiableMap(new EnumMap<>(nanos));
    }

    /** Measures a network on its own: the shortest step, and the shortest time of each of its kernels. */
    static Breakdown of(Network network, Precision precision, Device device, Ceilings ceilings) {
        try (OurContestant contestant = new OurContestant(network, precision, device)) {
            double shortest = Double.POSITIVE_INFINITY;
            long end = System.nanoTime() + LONG_ENOUGH;
            int steps = 0;
            while (System.nanoTime() < end || steps < 3) {
                long start = System.nanoTime();
                contestant.step();
                shortest = Math.min(shortest, (double) (System.nanoTime() - start));
                steps++;
            }
            return of(contestant.profile(Math.min(steps, STEPS)), shortest, ceilings.flops(precision));
        }
    }

    static Breakdown of(StepProfile profile, double step, double flopsPerNano) {
        Map<Part, Double> nanos = new EnumMap<>(Part.class);
        profile.microBatch().forEach(time -> nanos.merge(Part.of(time.kernel()), time.nanos(), Double::sum));
        nanos.put(
                Part.OPTIMIZER,
                profile.optimization().stream().mapToDouble(KernelTime::nanos).sum());
        double kernels =
                nanos.values().stream().mapToDouble(Double::doubleValue).sum();
        nanos.put(Part.OVERHEAD, Math.max(0, step - kernels));
        double flops = profile.microBatch().stream()
                .filter(time -> Part.of(time.kernel()) == Part.GEMM)
                .mapToDouble(Breakdown::flops)
                .sum();
        return new Breakdown(nanos, flops / flopsPerNano);
    }

    private static double flops(KernelTime time) {
        return switch (time.kernel()) {
            case Attention op -> flopsOfScores(op.layout(time.inputs()), 2);
            case SelfAttention op -> flopsOfScores(op.layout(time.inputs()), 2);
            case AttentionGradient op -> flopsOfScores(op.layout(time.inputs()), 5);
            case SelfAttentionGradient op -> flopsOfScores(op.layout(time.inputs()), 5);
            case Kernel _ -> flopsOfProduct(time);
        };
    }

    /** Two for every score and every element of its query and key, in each product that makes scores or is made of them. */
    private static double flopsOfScores(AttentionLayout layout, int products) {
        double scores = (double) layout.entries() * layout.queries() * layout.keys();
        return 2 * products * scores * layout.width();
    }

    /** Two for every element of the result and every index it is summed over. */
    private static double flopsOfProduct(KernelTime time) {
        double result = time.output().shape().size();
        int operand = time.kernel() instanceof AddProduct ? 1 : 0;
        double left = time.inputs().get(operand).shape().size();
        double inner = left * time.output().shape().dim(-1) / result;
        return 2 * result * inner;
    }

    String describe() {
        double whole = nanos.values().stream().mapToDouble(Double::doubleValue).sum();
        return nanos.entrySet().stream()
                        .map(entry -> String.format(
                                Locale.ROOT,
                                "%s %.1f µs (%.0f %%)",
                                entry.getKey().name().toLowerCase(Locale.ROOT),
                                entry.getValue() / 1000,
                                100 * entry.getValue() / whole))
                        .collect(Collectors.joining(", "))
                + String.format(Locale.ROOT, "; gemm at the ceiling %.1f µs", gemmCeiling / 1000);
    }
}
