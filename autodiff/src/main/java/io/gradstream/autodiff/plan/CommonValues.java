package io.gradstream.autodiff.plan;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.op.InPlace;
import io.gradstream.autodiff.op.Kernel;
import io.gradstream.autodiff.op.Unary;
import io.gradstream.autodiff.tape.Storage;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes once what is asked for twice: derivative rules ask again for the sigmoid or the cast that the forward pass has
 * computed already. Values that anything overwrites are left alone, and what is computed again to save memory stays so.
 */
final class CommonValues {

    private record Operand(Storage storage, TensorType type) {}

    private record Expression(Kernel kernel, List<Operand> operands, boolean recomputed) {}

    private final Map<Expression, Storage> computed = new HashMap<>();
    private final Map<Storage, Storage> merged = new HashMap<>();

    /** The steps without repetitions; {@link #home} then says where a dropped step's result is found. */
    List<Step> merge(List<Step> steps) {
        List<Step> kept = new ArrayList<>();
        for (Step step : steps) {
            Storage storage = step.output().storage();
            if (step.kernel() instanceof InPlace || isOverwritten(step)) {
                kept.add(step);
                continue;
            }
            Storage first = computed.putIfAbsent(expression(step), storage);
            if (first == null) {
                kept.add(step);
            } else {
                merged.put(storage, first);
            }
        }
        return kept;
    }

    /** The storage that holds what this one was to hold. */
    Storage home(Storage storage) {
        return merged.getOrDefault(storage, storage);
    }

    private static boolean isOverwritten(Step step) {
        return step.output().storage().isOverwritten()
                || step.inputs().stream().anyMatch(input -> input.storage().isOverwritten());
    }

    private Expression expression(Step step) {
        boolean shapeless = step.kernel() instanceof Unary; // the same numbers, whatever rows they are seen in
        return new Expression(
                step.kernel(),
                step.inputs().stream().map(input -> operand(input, shapeless)).toList(),
                step.output().isRecomputed());
    }

    private Operand operand(Tensor input, boolean shapeless) {
        TensorType type = input.type();
        Shape shape = shapeless ? Shape.of(Math.toIntExact(type.shape().size())) : type.shape();
        return new Operand(home(input.storage()), new TensorType(shape, type.dtype()));
    }
}
