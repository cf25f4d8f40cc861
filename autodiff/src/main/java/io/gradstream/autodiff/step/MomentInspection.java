package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.op.AdamUpdate;
import io.gradstream.autodiff.op.LionUpdate;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.SgdUpdate;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The plan that looks at the gradients of dense parameters and at the optimizer's moments between the last micro-batch and the step:
 * zeros and denormal numbers among the gradients, how they lie to the momentum, and how large they are for what Adam expects.
 */
final class MomentInspection implements AutoCloseable {
    private static final double SMALLEST_NORMAL = 0x1p-126;

    private enum Figure {
        ZEROS,
        BELOW_NORMAL,
        GRADIENT_SQUARED,
        GRADIENT_MOMENTUM,
        MOMENTUM_SQUARED,
        SIGNAL,
        SHOCK
    }

    private static final int FIGURES = Figure.values().length;

    private final Device device;
    private final Arena arena = Arena.ofShared();
    private final OptimizerUpdate update;
    private final Plan plan;
    private final Buffer figures;
    private final MemorySegment host;

    MomentInspection(ParameterStore store, Device device) {
        this.device = device;
        Section section = store.dense();
        update = store.groups().getFirst().update();
        Tape tape = Tape.recording();
        Map<String, Buffer> bindings = new HashMap<>();
        List<Tensor> all = new ArrayList<>();
        for (int i = 0; i < section.count(); i++) {
            Tensor gradient = leaf(tape, bindings, "gradient." + i, section.view(store.gradients(), i));
            all.addAll(ofGradient(gradient));
            all.addAll(ofMoments(tape, bindings, store, i, gradient));
        }
        Tensor together =
                Tensor.concat(0, all.stream().map(figure -> figure.reshape(1)).toList());
        plan = Plan.compile(tape, device, List.of(together), bindings);
        figures = plan.buffer(together);
        host = arena.allocate(figures.size() * Float.BYTES, Float.BYTES);
    }

    private static Tensor leaf(Tape tape, Map<String, Buffer> bindings, String name, Buffer buffer) {
        bindings.put(name, buffer);
        return tape.input(name, buffer.type());
    }

    private static List<Tensor> ofGradient(Tensor gradient) {
        Tape tape = gradient.tape();
        Tensor one = tape.constant(1, DType.F32);
        Tensor normal = gradient.abs().greaterOrEqual(tape.constant(SMALLEST_NORMAL, DType.F32));
        return List.of(
                gradient.equal(tape.constant(0, DType.F32)).mean(),
                one.subtract(normal.mean()),
                gradient.square().sum());
    }

    private List<Tensor> ofMoments(
            Tape tape, Map<String, Buffer> bindings, ParameterStore store, int parameter, Tensor gradient) {
        Tensor none = tape.constant(0, DType.F32);
        if (!hasMomentum()) {
            return List.of(none, none, none, none);
        }
        Buffer block = store.denseState(0).getFirst();
        Tensor momentum =
                leaf(tape, bindings, "momentum." + parameter, store.dense().view(block, parameter));
        Tensor along = gradient.multiply(momentum).sum();
        Tensor squared = momentum.square().sum();
        if (!(update instanceof AdamUpdate)) {
            return List.of(along, squared, none, none);
        }
        Tensor variance = leaf(
                tape,
                bindings,
                "variance." + parameter,
                store.dense().view(store.denseState(0).get(1), parameter));
        Tensor seen = variance.greater(none);
        Tensor divisor = variance.maximum(tape.constant(OptimizerUpdate.SECOND_MOMENT_FLUSH, DType.F32));
        return List.of(
                along,
                squared,
                momentum.square().divide(divisor).multiply(seen).mean(),
                gradient.square().divide(divisor).multiply(seen).mean());
    }

    private boolean hasMomentum() {
        return update instanceof AdamUpdate
                || update instanceof LionUpdate
                || (update instanceof SgdUpdate sgd && sgd.momentum() != 0);
    }

    /** Looks at what has been accumulated; the optimizer has not seen it yet. */
    void run() {
        plan.run();
        device.read(figures, host);
    }

    /** Writes what {@link #run} saw of a dense parameter, given how many steps had been taken and what its gradients are scaled by. */
    void report(int parameter, double steps, double unscale, LayerReport layer) {
        layer.zeroShare = figure(parameter, Figure.ZEROS);
        layer.denormalShare = figure(parameter, Figure.BELOW_NORMAL) - layer.zeroShare;
        layer.momentumCosine = steps > 0 && hasMomentum()
                ? figure(parameter, Figure.GRADIENT_MOMENTUM)
                        / Math.sqrt(
                                figure(parameter, Figure.GRADIENT_SQUARED) * figure(parameter, Figure.MOMENTUM_SQUARED))
                : Double.NaN;
        if (steps > 0 && update instanceof AdamUpdate adam) {
            double bias1 = 1 - Math.pow(adam.beta1(), steps);
            double bias2 = 1 - Math.pow(adam.beta2(), steps);
            layer.signalToNoise = figure(parameter, Figure.SIGNAL) * bias2 / (bias1 * bias1);
            layer.adamShock = Math.sqrt(figure(parameter, Figure.SHOCK) * bias2) * unscale;
        }
    }

    @SuppressWarnings("EnumOrdinal") // the order of the figures is what the enum defines
    private double figure(int parameter, Figure figure) {
        return host.getAtIndex(JAVA_FLOAT, (long) parameter * FIGURES + figure.ordinal());
    }

    @Override
    public void close() {
        plan.close();
        arena.close();
    }
}
