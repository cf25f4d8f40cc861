package io.gradstream.autodiff.step;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.op.LossScaling;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.ScaleAndClip;
import io.gradstream.autodiff.op.Segments;
import io.gradstream.autodiff.plan.KernelTime;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
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
        ParameterBlock block = store.trained().layout();
        Segments segments = block.segments();
        Map<String, Buffer> bindings = new HashMap<>(
                Map.of("control", control, "parameters", store.trained().values(), "gradients", store.gradients()));
        Tape tape = Tape.recording();
        Tensor steering = tape.input("control", Control.block());
        Tensor accumulated = tape.input("gradients", block.type());
        Tensor norms = accumulated.apply(new GradientHealth(segments));
        steering = steering.apply(new ScaleAndClip(scaling(spec), maximumNorm(spec.clip()), spec.divisor()), norms);

        Tensor clippedNorms = norms;
        if (spec.clip() instanceof Clip.Value(double maximum)) {
            accumulated = clampEach(tape, accumulated, steering, maximum);
            clippedNorms = accumulated.apply(new GradientHealth(segments));
        }
        List<Tensor> operands = new ArrayList<>(List.of(accumulated));
        for (Buffer state : store.state()) {
            String name = "state." + bindings.size();
            operands.add(tape.input(name, state.type()));
            bindings.put(name, state);
        }
        Tensor changes = tape.input("statistics", OptimizerUpdate.block(segments.count()));
        operands.add(steering);
        operands.add(changes);
        tape.parameter("parameters", block.type())
                .apply(OptimizerUpdates.of(spec.optimizer(), block), operands.toArray(Tensor[]::new));
        accumulated.fill(0);

        plan = Plan.compile(tape, device, List.of(norms, clippedNorms), bindings);
        health = plan.buffer(norms);
        clippedHealth = plan.buffer(clippedNorms);
        statistics = plan.input("statistics");
    }

    @Override
    public void run() {
        plan.run();
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

    private static LossScaling scaling(StepSpec spec) {
        LossScale scale = spec.lossScale();
        return spec.precision() == Precision.FP16
                ? new LossScaling(scale.growth(), scale.backoff(), scale.interval())
                : LossScaling.FIXED;
    }

    private static double maximumNorm(Clip clip) {
        return switch (clip) {
            case Clip.Norm(double maximum) -> maximum;
            case Clip.Off(), Clip.Value _ -> Double.POSITIVE_INFINITY;
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
