package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Mode;
import io.gradstream.autodiff.nn.Model;
import io.gradstream.autodiff.nn.ModelInputs;
import io.gradstream.autodiff.nn.Parameters;
import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.Elu;
import io.gradstream.autodiff.op.Gelu;
import io.gradstream.autodiff.op.Input;
import io.gradstream.autodiff.op.LeakyRelu;
import io.gradstream.autodiff.op.Linear;
import io.gradstream.autodiff.op.Parameter;
import io.gradstream.autodiff.op.Relu;
import io.gradstream.autodiff.op.Sigmoid;
import io.gradstream.autodiff.op.Silu;
import io.gradstream.autodiff.op.Tanh;
import io.gradstream.autodiff.op.Unary;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A forward pass over the micro-batch at hand that looks at the outputs of activations behind linear layers: which units were active, and
 * how many outputs lie where the activation is flat. It changes nothing of the micro-batch's own plan, whose bits it must not touch.
 */
final class ActivationInspection implements AutoCloseable {
    /** Where a slope is flat, as a share of the activation's steepest. */
    private static final double FLAT = 0.05;

    /** How much of a unit's running share of active outputs an inspection keeps. */
    private static final double KEEP = 0.8;

    /** The running share of active outputs below which a unit is dead. */
    private static final double DEAD = 0.01;

    private final Device device;
    private final Arena arena = Arena.ofShared();
    private final Plan plan;
    private final Seen[] layers;

    /** An activation: the parameter it belongs to, and where the plan leaves its figures: units' shares, then the flat share. */
    private record Seen(String parameter, boolean canDie, int units, Buffer figures, MemorySegment host) {}

    private record Looked(String parameter, boolean canDie, int units, Tensor figures) {}

    /** Looks at what an accumulation was given last. */
    ActivationInspection(
            StepSpec spec,
            Model model,
            Device device,
            ParameterStore store,
            Buffer control,
            Accumulation accumulation) {
        this.device = device;
        Tape tape = Tape.recording();
        ModelInputs inputs = ModelInputs.on(tape, spec.model(), spec.microBatch(), accumulation.bagCapacities());
        Tensor steering = tape.input(Recorded.CONTROL, Control.block());
        Parameters parameters = model.parameters(
                tape,
                spec.seed(),
                Mode.EVALUATION,
                () -> steering.slice(0, Control.MICRO_BATCHES.slot(), Control.MICRO_BATCHES.slot() + 1));
        model.record(inputs, parameters);
        List<Looked> recorded = new ArrayList<>();
        Tensor counts = inputs.weight().greater(tape.constant(0, DType.F32));
        for (Tensor node : List.copyOf(tape.nodes())) {
            record(node, counts).ifPresent(recorded::add);
        }
        plan = Plan.compile(
                tape,
                device,
                recorded.stream().map(Looked::figures).toList(),
                bindings(tape, store, control, accumulation));
        layers = recorded.stream().map(this::seen).toArray(Seen[]::new);
    }

    private Seen seen(Looked looked) {
        return new Seen(
                looked.parameter(),
                looked.canDie(),
                looked.units(),
                plan.buffer(looked.figures()),
                arena.allocate((looked.units() + 1L) * Float.BYTES, Float.BYTES));
    }

    private static Map<String, Buffer> bindings(
            Tape tape, ParameterStore store, Buffer control, Accumulation accumulation) {
        Map<String, Buffer> bindings = new HashMap<>();
        for (Tensor node : tape.nodes()) {
            if (node.op() instanceof Parameter parameter) {
                bindings.put(parameter.label(), store.value(parameter.label()));
            } else if (node.op() instanceof Input input) {
                String name = input.label();
                bindings.put(
                        name,
                        name.equals(Recorded.CONTROL)
                                ? control
                                : store.values().containsKey(name) ? store.value(name) : accumulation.input(name));
            }
        }
        return bindings;
    }

    private static Optional<Looked> record(Tensor node, Tensor counts) {
        if (!(node.op() instanceof Unary)
                || node.shape().rank() != 2
                || node.shape().dim(0) != counts.shape().dim(0)) {
            return Optional.empty();
        }
        Tape tape = node.tape();
        Tensor zero = tape.constant(0, DType.F32);
        Tensor one = tape.constant(1, DType.F32);
        Tensor active = node.greater(zero);
        return switch (node.op()) {
            case Relu() -> recorded(node, counts, true, active, active);
            case LeakyRelu _, Elu _, Gelu _, Silu _ -> recorded(node, counts, true, active, one);
            case Sigmoid() ->
                recorded(
                        node,
                        counts,
                        false,
                        one,
                        node.multiply(one.subtract(node)).multiply(4));
            case Tanh() -> recorded(node, counts, false, one, one.subtract(node.square()));
            default -> Optional.empty();
        };
    }

    /** The weight of the linear layer that gives an activation its inputs. */
    static Optional<String> feeding(Tensor activation) {
        Tensor layer = activation.inputs().getFirst();
        return layer.op() instanceof Linear && layer.inputs().get(1).op() instanceof Parameter parameter
                ? Optional.of(parameter.label())
                : Optional.empty();
    }

    private static Optional<Looked> recorded(Tensor node, Tensor counts, boolean canDie, Tensor active, Tensor slope) {
        Optional<String> parameter = feeding(node);
        if (parameter.isEmpty()) {
            return Optional.empty();
        }
        int rows = node.shape().dim(0);
        int units = node.shape().dim(1);
        Tape tape = node.tape();
        Tensor mask = counts.reshape(rows, 1);
        Tensor total = counts.sum();
        Tensor shares = active.multiply(mask).broadcast(node.shape()).sum(0).divide(total);
        Tensor flat =
                tape.constant(FLAT, DType.F32).greater(slope).multiply(mask).broadcast(node.shape());
        Tensor flatShare = flat.sum().divide(total).multiply(1.0 / units);
        return Optional.of(
                new Looked(parameter.get(), canDie, units, Tensor.concat(0, List.of(shares, flatShare.reshape(1)))));
    }

    /**
     * Looks at the micro-batch and reports the layers.
     *
     * @param running each layer's running share of active outputs per unit, which is kept here from inspection to inspection
     */
    void run(Map<String, double[]> running, StepReport report) {
        plan.run();
        for (Seen layer : layers) {
            device.read(layer.figures(), layer.host());
            LayerReport to = report.layer(layer.parameter());
            to.saturation = layer.host().getAtIndex(JAVA_FLOAT, layer.units());
            if (layer.canDie()) {
                to.deadUnits = deadShare(layer, running);
            }
        }
    }

    private static double deadShare(Seen layer, Map<String, double[]> running) {
        double[] shares = running.get(layer.parameter());
        boolean first = shares == null;
        if (shares == null) {
            shares = new double[layer.units()];
            running.put(layer.parameter(), shares);
        }
        int dead = 0;
        for (int unit = 0; unit < shares.length; unit++) {
            double now = layer.host().getAtIndex(JAVA_FLOAT, unit);
            shares[unit] = first ? now : KEEP * shares[unit] + (1 - KEEP) * now;
            dead += shares[unit] < DEAD ? 1 : 0;
        }
        return (double) dead / shares.length;
    }

    @Override
    public void close() {
        plan.close();
        arena.close();
    }
}
