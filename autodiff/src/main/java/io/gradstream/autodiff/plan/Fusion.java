package io.gradstream.autodiff.plan;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.op.Accumulate;
import io.gradstream.autodiff.op.AddProduct;
import io.gradstream.autodiff.op.Constant;
import io.gradstream.autodiff.op.ElementwiseUpdate;
import io.gradstream.autodiff.op.Fill;
import io.gradstream.autodiff.op.Fused;
import io.gradstream.autodiff.op.Greater;
import io.gradstream.autodiff.op.Linear;
import io.gradstream.autodiff.op.LinearActivation;
import io.gradstream.autodiff.op.Matmul;
import io.gradstream.autodiff.op.Multiply;
import io.gradstream.autodiff.op.SlopeProduct;
import io.gradstream.autodiff.op.Square;
import io.gradstream.autodiff.op.Subtract;
import io.gradstream.autodiff.op.Unary;
import io.gradstream.autodiff.op.UpdateAndClear;
import io.gradstream.autodiff.tape.Storage;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts one kernel in place of several whose values nobody else reads: a layer with its activation, the way back through an activation,
 * a product that is only added to what is there, and an optimizer whose gradients are cleared next. Then come those that are {@link Rounding
 * rounded}.
 *
 * <p>What is fused takes the place of the first of its steps when it reads what might change later, and of the last when it needs what
 * is computed in between.
 */
final class Fusion {
    private final Device device;
    private final UnaryOperator<Storage> home;
    private final List<@Nullable Step> steps;
    private final Map<Storage, Integer> makers = new HashMap<>();
    private final Map<Storage, Integer> readers = new HashMap<>();
    private final Set<Storage> outputs = new HashSet<>();

    private Fusion(Device device, UnaryOperator<Storage> home, List<Step> steps, List<Tensor> outputs) {
        this.device = device;
        this.home = home;
        this.steps = new ArrayList<>(steps);
        outputs.forEach(output -> this.outputs.add(home(output)));
        for (int i = 0; i < steps.size(); i++) {
            steps.get(i).inputs().forEach(input -> readers.merge(home(input), 1, Integer::sum));
            makers.putIfAbsent(home(steps.get(i).output()), i);
        }
    }

    /** The steps with what can be fused in one; the storages of values that are dropped have no reader left. */
    static List<Step> apply(Device device, UnaryOperator<Storage> home, List<Step> steps, List<Tensor> outputs) {
        return new Fusion(device, home, steps, outputs).fuse();
    }

    private List<Step> fuse() {
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step == null) {
                continue;
            }
            switch (step.kernel()) {
                case Unary activation -> afterLinear(i, step, activation);
                case Multiply() -> slopeProduct(i, step);
                case Accumulate() -> addProduct(i, step);
                case Fill(double value) when value == 0 -> updateAndClear(i, step);
                default -> {} // nothing ends with it
            }
        }
        List<Step> fused = steps.stream()
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
        return Rounding.apply(device, home, fused, outputs);
    }

    private void afterLinear(int at, Step step, Unary activation) {
        Fused fused = new LinearActivation(activation);
        int maker = onlyFor(step.inputs().get(0));
        Step linear = maker < 0 ? null : steps.get(maker);
        if (linear != null && linear.kernel() instanceof Linear && device.fuses(fused)) {
            steps.set(at, null);
            put(maker, new Step(fused, linear.inputs(), step.output()));
        }
    }

    private void slopeProduct(int at, Step step) {
        Tensor cotangent = step.inputs().get(0);
        Slope slope = slope(step.inputs().get(1));
        if (slope == null
                || isOverwritten(slope.result())
                || !cotangent.type().equals(step.output().type())
                || !slope.result().type().equals(step.output().type())) {
            return;
        }
        Fused fused = new SlopeProduct(slope.activation());
        if (device.fuses(fused)) {
            slope.makers().forEach(maker -> steps.set(maker, null));
            put(at, new Step(fused, List.of(cotangent, slope.result()), step.output()));
        }
    }

    private record Slope(SlopeProduct.Activation activation, Tensor result, List<Integer> makers) {}

    /** What a factor is the slope of, when it is made for this product alone. */
    private @Nullable Slope slope(Tensor factor) {
        int maker = onlyFor(factor);
        Step step = maker < 0 ? null : steps.get(maker);
        if (step == null) {
            return null;
        }
        return switch (step.kernel()) {
            case Greater()
            when isConstant(step, 1, 0) ->
                new Slope(SlopeProduct.Activation.RELU, step.inputs().get(0), List.of(maker));
            case Multiply() -> sigmoidSlope(step, maker);
            case Subtract() when isConstant(step, 0, 1) -> tanhSlope(step, maker);
            default -> null; // not a slope that is known
        };
    }

    /** y·(1 − y). */
    private @Nullable Slope sigmoidSlope(Step product, int at) {
        Tensor y = product.inputs().get(0);
        int maker = onlyFor(product.inputs().get(1));
        Step rest = maker < 0 ? null : steps.get(maker);
        return rest != null
                        && rest.kernel() instanceof Subtract
                        && isConstant(rest, 0, 1)
                        && home(rest.inputs().get(1)).equals(home(y))
                ? new Slope(SlopeProduct.Activation.SIGMOID, y, List.of(at, maker))
                : null;
    }

    /** 1 − y². */
    private @Nullable Slope tanhSlope(Step difference, int at) {
        int maker = onlyFor(difference.inputs().get(1));
        Step square = maker < 0 ? null : steps.get(maker);
        return square != null && square.kernel() instanceof Square
                ? new Slope(SlopeProduct.Activation.TANH, square.inputs().get(0), List.of(at, maker))
                : null;
    }

    private void addProduct(int at, Step step) {
        Tensor target = step.inputs().get(0);
        Tensor source = step.inputs().get(1);
        int maker = onlyFor(source);
        Step product = maker < 0 ? null : steps.get(maker);
        if (product != null
                && product.kernel() instanceof Matmul(boolean transposeA, boolean transposeB)
                && product.output().type().equals(target.type())
                && isUntouched(home(target), maker, at)) {
            steps.set(at, null);
            List<Tensor> operands =
                    List.of(target, product.inputs().get(0), product.inputs().get(1));
            put(maker, new Step(new AddProduct(transposeA, transposeB), operands, step.output()));
        }
    }

    private void updateAndClear(int at, Step step) {
        Storage gradients = home(step.output());
        for (int i = at - 1; i >= 0; i--) {
            Step before = steps.get(i);
            if (before == null || isUntouched(gradients, i, i + 1)) {
                continue;
            }
            if (before.kernel() instanceof ElementwiseUpdate update
                    && home(before.inputs().get(1)).equals(gradients)) {
                steps.set(at, null);
                put(i, new Step(new UpdateAndClear(update), before.inputs(), before.output()));
            }
            return;
        }
    }

    private void put(int at, Step step) {
        steps.set(at, step);
        makers.put(home(step.output()), at);
    }

    /** Whether no step from one on and before another reads or writes a storage. */
    private boolean isUntouched(Storage storage, int from, int before) {
        for (int i = from; i < before; i++) {
            Step step = steps.get(i);
            if (step != null
                    && (home(step.output()).equals(storage)
                            || step.inputs().stream()
                                    .anyMatch(input -> home(input).equals(storage)))) {
                return false;
            }
        }
        return true;
    }

    /** The step that makes a value for a single reader, or -1. */
    private int onlyFor(Tensor value) {
        Storage storage = home(value);
        boolean alone = readers.getOrDefault(storage, 0) == 1 && !outputs.contains(storage) && !isOverwritten(value);
        return alone ? makers.getOrDefault(storage, -1) : -1;
    }

    private static boolean isConstant(Step step, int input, double value) {
        return step.inputs().get(input).op() instanceof Constant constant && constant.value() == value;
    }

    private static boolean isOverwritten(Tensor value) {
        return value.storage().isOverwritten();
    }

    private Storage home(Tensor value) {
        return home.apply(value.storage());
    }
}
