package io.gradstream.autodiff.step;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.LossScaling;
import io.gradstream.autodiff.op.ScaleAndClip;
import io.gradstream.autodiff.plan.KernelTime;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The plan that ends a step: norms and finite check, scale and clip, the optimizer, and gradients back to zero. */
final class Optimization implements StepPlan {
    private final Plan plan;
    private final Buffer health;
    private final Buffer clippedHealth;
    private final Buffer statistics;

    Optimization(StepSpec spec, ParameterStore store, Device device, Buffer control) {
        Tape tape = Tape.recording();
        AccumulatedGradients gradients = new AccumulatedGradients(tape, store);
        Tensor norms = gradients.norms();
        Tensor steering = tape.input(Recorded.CONTROL, Control.block()).apply(closing(spec), norms);
        Tensor clippedNorms = norms;
        if (spec.clip() instanceof Clip.Value(double maximum)) {
            gradients.replace(accumulated -> clampEach(tape, accumulated, steering, maximum));
            clippedNorms = gradients.norms();
        }
        GroupSteering groups = new GroupSteering(spec, store.trained(), steering, norms);
        if (spec.clip() instanceof Clip.GroupNorm) {
            clippedNorms = groups.clippedNorms();
        }
        OptimizerRecording recording = new OptimizerRecording(tape, spec, store, groups);
        gradients.dense().ifPresent(recording::dense);
        for (int table = 0; table < store.tables().count(); table++) {
            recording.table(table, gradients.rows(table), gradients.index(table));
        }

        Map<String, Buffer> bindings = new HashMap<>(gradients.bindings());
        bindings.putAll(recording.bindings());
        bindings.put(Recorded.CONTROL, control);
        plan = Plan.compile(tape, device, List.of(norms, clippedNorms), bindings);
        health = plan.buffer(norms);
        clippedHealth = plan.buffer(clippedNorms);
        statistics = store.statistics();
    }

    @Override
    public void run() {
        plan.run();
    }

    @Override
    public Program behind(Plan first) {
        return first.followedBy(plan);
    }

    @Override
    public List<KernelTime> profile(Runnable work) {
        return plan.profile(work);
    }

    @Override
    public Buffer health() {
        return health;
    }

    @Override
    public Buffer clippedHealth() {
        return clippedHealth;
    }

    @Override
    public Buffer statistics() {
        return statistics;
    }

    @Override
    public void close() {
        plan.close();
    }

    /** What closes the accumulation of a step and decides whether it is taken. */
    static ScaleAndClip closing(StepSpec spec) {
        return new ScaleAndClip(scaling(spec), maximumNorm(spec.clip()), spec.divisor());
    }

    private static LossScaling scaling(StepSpec spec) {
        LossScale scale = spec.lossScale();
        return spec.precision() == Precision.FP16
                ? new LossScaling(scale.growth(), scale.backoff(), scale.interval())
                : LossScaling.FIXED;
    }

    private static double maximumNorm(Clip clip) {
        return switch (clip) {
            case Clip.Norm(double maximum) -> maximum;
            case Clip.Off(), Clip.Value _, Clip.GroupNorm _ -> Double.POSITIVE_INFINITY;
        };
    }

    /** Brings the gradients, which are still scaled, within the bound as it would be scaled. */
    private static Tensor clampEach(Tape tape, Tensor gradients, Tensor control, double maximum) {
        int slot = Control.UNSCALE.slot();
        Tensor bound = tape.constant(maximum, DType.F64)
                .divide(control.slice(0, slot, slot + 1))
                .cast(DType.F32);
        Tensor clamped = gradients.minimum(bound).maximum(bound.negate());
        return gradients.fill(0).accumulate(clamped);
    }
}
