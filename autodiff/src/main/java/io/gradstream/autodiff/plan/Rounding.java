package io.gradstream.autodiff.plan;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.op.Axes;
import io.gradstream.autodiff.op.Cast;
import io.gradstream.autodiff.op.Fused;
import io.gradstream.autodiff.op.Kernel;
import io.gradstream.autodiff.op.LinearActivation;
import io.gradstream.autodiff.op.Rounded;
import io.gradstream.autodiff.op.SlopeProduct;
import io.gradstream.autodiff.op.SlopeSum;
import io.gradstream.autodiff.op.Sum;
import io.gradstream.autodiff.tape.Storage;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a layer's values in 16 bits only where the next layer wants them so: a step whose result goes through one cast writes what the cast
 * would have written. On the way back the sum of a cotangent over the rows takes its products anew, and ReLU's slope is that of the rounded
 * result: a unit whose output rounds to zero is off, as it is for the next layer.
 */
final class Rounding {
    private static final Axes ROWS = new Axes(0);

    private final Device device;
    private final UnaryOperator<Storage> home;
    private final List<@Nullable Step> steps;
    private final Set<Storage> outputs;
    private final Map<Storage, List<Integer>> readers = new HashMap<>();

    private Rounding(Device device, UnaryOperator<Storage> home, List<Step> steps, Set<Storage> outputs) {
        this.device = device;
        this.home = home;
        this.steps = new ArrayList<>(steps);
        this.outputs = outputs;
        for (int i = 0; i < steps.size(); i++) {
            for (Tensor input : steps.get(i).inputs()) {
                readers.computeIfAbsent(home(input), _ -> new ArrayList<>()).add(i);
            }
        }
    }

    /** The steps with what can be rounded at once; {@code outputs} are read by others, too. */
    static List<Step> apply(Device device, UnaryOperator<Storage> home, List<Step> steps, Set<Storage> outputs) {
        return new Rounding(device, home, steps, outputs).round();
    }

    private List<Step> round() {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) != null && step(i).kernel() instanceof SlopeProduct slope) {
                roundSlope(i, slope);
            }
        }
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) != null && step(i).kernel() instanceof LinearActivation layer) {
                roundLayer(i, layer);
            }
        }
        return steps.stream()
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }

    private Step step(int at) {
        return Objects.requireNonNull(steps.get(at));
    }

    private void roundSlope(int at, SlopeProduct slope) {
        Step product = step(at);
        Uses uses = uses(at);
        Fused sum = new SlopeSum(slope.activation());
        if (uses == null
                || !uses.others().stream().allMatch(reader -> isSumOfRows(reader, product))
                || !(uses.others().isEmpty() || device.fuses(sum))
                || product.inputs().stream().anyMatch(input -> input.storage().isOverwritten())) {
            return;
        }
        if (round(at, slope, uses)) {
            for (int reader : uses.others()) {
                put(reader, new Step(sum, product.inputs(), step(reader).output()));
            }
        }
    }

    private boolean isSumOfRows(int reader, Step product) {
        Step sum = step(reader);
        Tensor summed = sum.inputs().getFirst();
        return sum.kernel() instanceof Sum(Axes axes)
                && axes.equals(ROWS)
                && summed.shape().rank() == 2
                && summed.shape().equals(product.inputs().getFirst().shape());
    }

    private void roundLayer(int at, LinearActivation layer) {
        Uses uses = uses(at);
        if (uses == null || !uses.others().stream().allMatch(reader -> wantsSlopeOfRelu(reader, at))) {
            return;
        }
        Tensor rounded = step(uses.cast()).output();
        boolean sameShape = rounded.shape().equals(step(at).output().shape());
        if ((uses.others().isEmpty() || sameShape) && round(at, layer, uses)) {
            for (int reader : uses.others()) {
                Step slope = step(reader);
                steps.set(reader, slope.withInputs(List.of(slope.inputs().getFirst(), rounded)));
            }
        }
    }

    private boolean wantsSlopeOfRelu(int reader, int layer) {
        Step slope = step(reader);
        return slope.inputs().size() == 2
                && !home(slope.inputs().getFirst()).equals(home(step(layer).output()))
                && slope.inputs().get(1).shape().equals(step(layer).output().shape())
                && activation(slope.kernel()) == SlopeProduct.Activation.RELU;
    }

    private static SlopeProduct.@Nullable Activation activation(Kernel kernel) {
        return switch (kernel) {
            case SlopeProduct(SlopeProduct.Activation activation) -> activation;
            case SlopeSum(SlopeProduct.Activation activation) -> activation;
            case Rounded(SlopeProduct(SlopeProduct.Activation activation), DType _) -> activation;
            default -> null; // nothing that has a slope
        };
    }

    /** The one cast to 16 bits that reads a step's result, and who else does. */
    private record Uses(int cast, DType dtype, List<Integer> others) {}

    private @Nullable Uses uses(int at) {
        Tensor result = step(at).output();
        if (outputs.contains(home(result)) || result.storage().isOverwritten() || result.dtype() != DType.F32) {
            return null;
        }
        Uses found = null;
        List<Integer> others = new ArrayList<>();
        for (int reader : readers.getOrDefault(home(result), List.of())) {
            if (steps.get(reader) == null) {
                continue;
            }
            if (found == null && step(reader).kernel() instanceof Cast(DType dtype) && dtype.isHalf()) {
                found = new Uses(reader, dtype, others);
            } else {
                others.add(reader);
            }
        }
        return found;
    }

    /** Has a step write what the cast would have written. */
    private boolean round(int at, Fused kernel, Uses uses) {
        Fused rounded = new Rounded(kernel, uses.dtype());
        if (!device.fuses(rounded)) {
            return false;
        }
        Tensor output = step(uses.cast()).output();
        steps.set(uses.cast(), null);
        steps.set(at, new Step(rounded, step(at).inputs(), output));
        return true;
    }

    private void put(int at, Step step) {
        steps.set(at, step);
        for (Tensor input : step.inputs()) {
            readers.computeIfAbsent(home(input), _ -> new ArrayList<>()).add(at);
        }
    }

    private Storage home(Tensor value) {
        return home.apply(value.storage());
    }
}
