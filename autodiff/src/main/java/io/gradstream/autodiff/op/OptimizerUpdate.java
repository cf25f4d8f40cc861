package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One optimizer step on a flat block of parameters, steered by the control block. Its operands begin with parameters and
 * gradients, go on with the optimizer's moments, and end with the control block and the update statistics [segments, columns]
 * in F64, which are written: per segment Σ Δp² of this step and Σ p² after it, in double. When FOUND_INF is set only the
 * statistics are written, with Δp = 0. Scalars are computed in double from the control block and rounded to the block's
 * element type once; the gradient is g = gradient·GRADIENT_FACTOR.
 *
 * <p>Decaying moments must not linger among denormal numbers, where arithmetic is many times slower: every device replaces a
 * first moment with |m| &lt; 1e-25 and a second moment with v &lt; 1e-30 by 0 before it is used and stored.
 */
public sealed interface OptimizerUpdate extends InPlace
        permits AdafactorUpdate, ElementwiseUpdate, QuantizedAdamUpdate {

    double FIRST_MOMENT_FLUSH = 1e-25;
    double SECOND_MOMENT_FLUSH = 1e-30;

    /** How many columns the update statistics have. */
    int COLUMNS = Column.values().length;

    /** The columns of the update statistics. */
    enum Column {
        SQUARED_UPDATE,
        SQUARED_WEIGHT;

        @SuppressWarnings("EnumOrdinal") // the order of the columns is what this enum defines
        public int index() {
            return ordinal();
        }
    }

    Segments segments();

    /** How many blocks of state follow the gradients. */
    int moments();

    /** The type of each block of state for a parameter block: its own, unless a rule keeps less than a number per parameter. */
    default List<TensorType> state(TensorType parameters) {
        return Collections.nCopies(moments(), parameters);
    }

    /** Whether a parameter without a gradient keeps its value and its state, so that a step may leave it out. */
    boolean restsWithoutGradient();

    @Override
    default List<Integer> overwrites() {
        List<Integer> indices = new ArrayList<>(List.of(0));
        for (int i = 0; i < moments(); i++) {
            indices.add(2 + i);
        }
        indices.add(3 + moments());
        return indices;
    }

    @Override
    default TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 4 + moments());
        TensorType parameters = inputs.get(0);
        segments().within(this, parameters);
        Rules.type(this, "gradients", inputs.get(1), parameters);
        List<TensorType> state = state(parameters);
        for (int i = 0; i < moments(); i++) {
            Rules.type(this, "state " + i, inputs.get(2 + i), state.get(i));
        }
        Rules.type(this, "control block", inputs.get(2 + moments()), Control.block());
        Rules.type(
                this,
                "update statistics",
                inputs.get(3 + moments()),
                block(segments().count()));
        return parameters;
    }

    /** This update on operands in a host's memory, in double. */
    UpdateWalk walk(List<? extends Elements> operands);

    /** The type of the update statistics of a number of segments. */
    static TensorType block(int segments) {
        return TensorType.of(DType.F64, segments, COLUMNS);
    }

    /** The moment, or 0 where it is too small to be kept. */
    static double flush(double moment, double limit) {
        return Math.abs(moment) < limit ? 0 : moment;
    }
}
