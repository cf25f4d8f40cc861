package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.nn.InputColumn.Bag;
import io.gradstream.autodiff.nn.InputColumn.Categorical;
import io.gradstream.autodiff.nn.InputColumn.Numeric;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The columns of a micro-batch on a tape: what a model's forward pass is recorded over. All rows are there, also padding behind the last
 * one that counts.
 */
public final class ModelInputs {
    /** F32 [rows, numeric columns]: the leaf with the values of all numeric columns. */
    public static final String DENSE = "dense";
    /** I32 [rows]: the leaves with the buckets of categorical columns, by their number among their kind. */
    public static final String IDS = "ids.";
    /** I32: the leaves with the buckets of all rows of bag columns, one row after the other. */
    public static final String BAG_IDS = "bagIds.";
    /** I32 [rows + 1]: the leaves with the offset of each row's first bucket in a bag column. */
    public static final String BAG_OFFSETS = "bagOffsets.";
    /** F32 [rows]: the leaf with the weights of the rows, 0 for padding. */
    public static final String WEIGHT = "weight";

    private final Tape tape;
    private final ModelSpec spec;
    private final int rows;

    private ModelInputs(Tape tape, ModelSpec spec, int rows) {
        this.tape = tape;
        this.spec = spec;
        this.rows = rows;
    }

    /**
     * Records the leaves of a micro-batch.
     *
     * @param bagCapacities how many buckets there is room for in each bag column
     */
    public static ModelInputs on(Tape tape, ModelSpec spec, int rows, int... bagCapacities) {
        int numerics = spec.numerics().size();
        if (numerics > 0) {
            tape.input(DENSE, TensorType.of(DType.F32, rows, numerics));
        }
        for (int i = 0; i < spec.categoricals().size(); i++) {
            tape.input(IDS + i, TensorType.of(DType.I32, rows));
        }
        for (int i = 0; i < spec.bags().size(); i++) {
            tape.input(BAG_IDS + i, TensorType.of(DType.I32, bagCapacities[i]));
            tape.input(BAG_OFFSETS + i, TensorType.of(DType.I32, rows + 1));
        }
        tape.input(WEIGHT, TensorType.of(DType.F32, rows));
        return new ModelInputs(tape, spec, rows);
    }

    /** How many rows there are, with padding. */
    public int rows() {
        return rows;
    }

    /** How many values the model is to give for each row. */
    public int outputs() {
        return spec.outputs();
    }

    /** The columns in the order of the model's inputs. */
    public List<InputColumn> columns() {
        return spec.inputs();
    }

    /** F32 [rows, numeric columns], where there are any. */
    public Optional<Tensor> numerics() {
        return spec.numerics().isEmpty() ? Optional.empty() : Optional.of(tape.leaf(DENSE));
    }

    /** F32 [rows]: what each row counts; 0 for padding. */
    public Tensor weight() {
        return tape.leaf(WEIGHT);
    }

    /** F32 [rows, dimension]: a categorical column by its rows of {@code embedding.<column>.weight}. */
    public Tensor embedded(Categorical column, Parameters parameters) {
        return table(column.name(), column.buckets(), column.dimension(), parameters)
                .embedding(tape.leaf(IDS + spec.categoricals().indexOf(column)));
    }

    /** F32 [rows, dimension]: a bag column by its combined rows of {@code embedding.<column>.weight}. */
    public Tensor embedded(Bag column, Parameters parameters) {
        int index = spec.bags().indexOf(column);
        return table(column.name(), column.buckets(), column.dimension(), parameters)
                .embeddingBag(tape.leaf(BAG_IDS + index), tape.leaf(BAG_OFFSETS + index), column.combine());
    }

    /** F32 [rows, width of all inputs]: numeric values and embeddings side by side, in the order of the model's inputs. */
    public Tensor concatenate(Parameters parameters) {
        List<Tensor> parts = new ArrayList<>();
        int numerics = 0;
        for (int i = 0; i < columns().size(); i++) {
            switch (columns().get(i)) {
                case Numeric _ -> {
                    int from = numerics++;
                    while (i + 1 < columns().size() && columns().get(i + 1) instanceof Numeric) {
                        numerics++;
                        i++;
                    }
                    parts.add(numerics(from, numerics));
                }
                case Categorical column -> parts.add(embedded(column, parameters));
                case Bag column -> parts.add(embedded(column, parameters));
            }
        }
        return parts.size() == 1 ? parts.getFirst() : Tensor.concat(1, parts);
    }

    private Tensor numerics(int from, int to) {
        Tensor dense = tape.leaf(DENSE);
        return from == 0 && to == dense.shape().dim(1) ? dense : dense.slice(1, from, to);
    }

    private static Tensor table(String column, int buckets, int dimension, Parameters parameters) {
        return new Embedding(buckets, dimension)
                .table(parameters.in("embedding").in(column));
    }
}
