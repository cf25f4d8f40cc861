package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.nn.InputColumn.Bag;
import io.gradstream.autodiff.nn.InputColumn.Categorical;
import io.gradstream.autodiff.nn.InputColumn.Numeric;
import io.gradstream.autodiff.nn.InputColumn.Sequence;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The columns of a micro-batch on a tape: what a model's forward pass is recorded over. All rows are there, also padding behind the last
 * one that counts.
 */
public final class ModelInputs {
    /** What the names of all leaves begin with that a step writes, and those of no parameter. */
    public static final String BATCH = "batch/";

    /** F32 [rows, numeric columns]: the leaf with the values of all numeric columns. */
    public static final String DENSE = BATCH + "dense";
    /** I32 [rows]: the leaves with the buckets of categorical columns, by their number among their kind. */
    public static final String IDS = BATCH + "ids.";
    /** I32: the leaves with the buckets of all rows of bag columns, one row after the other. */
    public static final String BAG_IDS = BATCH + "bagIds.";
    /** I32 [rows + 1]: the leaves with the offset of each row's first bucket in a bag column. */
    public static final String BAG_OFFSETS = BATCH + "bagOffsets.";
    /** I32 [rows · length]: the leaves with the buckets of sequence columns, one row after the other. */
    public static final String SEQUENCE_IDS = BATCH + "sequenceIds.";
    /** I32 [rows]: the leaves with the number of items of sequence columns. */
    public static final String SEQUENCE_LENGTHS = BATCH + "sequenceLengths.";
    /** F32 [rows]: the leaf with the weights of the rows, 0 for padding. */
    public static final String WEIGHT = BATCH + "weight";

    /** The part of a model whose parameters are tables, one for each column that is looked up. */
    public static final String EMBEDDING = "embedding";

    private record Lookup(InputColumn column, Tensor table) {}

    private final Tape tape;
    private final ModelSpec spec;
    private final int rows;
    private final Map<Lookup, Tensor> lookups = new HashMap<>();

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
        for (int i = 0; i < spec.sequences().size(); i++) {
            int length = spec.sequences().get(i).length();
            tape.input(SEQUENCE_IDS + i, TensorType.of(DType.I32, Math.multiplyExact(rows, length)));
            tape.input(SEQUENCE_LENGTHS + i, TensorType.of(DType.I32, rows));
        }
        tape.input(WEIGHT, TensorType.of(DType.F32, rows));
        return new ModelInputs(tape, spec, rows);
    }

    /** The name of the table that a column is looked up in. */
    public static String table(InputColumn column) {
        return EMBEDDING + "." + column.name() + ".weight";
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

    /** F32 [rows]: 1 for rows that count, 0 for the others and for padding. */
    public Tensor counts() {
        Tensor zero = tape.constant(0, DType.F32);
        return weight().equal(zero).negate().add(1);
    }

    /** F32 [rows, dimension]: a categorical column by the rows of a table [buckets, dimension]. */
    public Tensor lookup(Categorical column, Tensor table) {
        return once(
                column,
                table,
                () -> table.embedding(tape.leaf(IDS + spec.categoricals().indexOf(column))));
    }

    /** F32 [rows, dimension]: a bag column by the combined rows of a table [buckets, dimension]. */
    public Tensor lookup(Bag column, Tensor table) {
        int index = spec.bags().indexOf(column);
        return once(
                column,
                table,
                () -> table.embeddingBag(tape.leaf(BAG_IDS + index), tape.leaf(BAG_OFFSETS + index), column.combine()));
    }

    /** F32 [rows, dimension]: a sequence column by the mean of the rows of a table [buckets, dimension]; zeros for an empty list. */
    public Tensor lookup(Sequence column, Tensor table) {
        return items(column, table).mean();
    }

    /**
     * F32 [rows, dimension]: a column of categories by its rows of {@code embedding.<column>.weight}, those of a bag combined and those of a
     * sequence averaged.
     */
    public Tensor embedded(InputColumn column, Parameters parameters) {
        return switch (column) {
            case Numeric _ -> throw new IllegalArgumentException("a number has no embedding: column=" + column.name());
            case Categorical it -> lookup(it, table(it.name(), it.buckets(), it.dimension(), parameters));
            case Bag it -> lookup(it, table(it.name(), it.buckets(), it.dimension(), parameters));
            case Sequence it -> lookup(it, table(it.name(), it.buckets(), it.dimension(), parameters));
        };
    }

    /** A sequence column by its rows of {@code embedding.<column>.weight}. */
    public Items items(Sequence column, Parameters parameters) {
        return items(column, table(column.name(), column.buckets(), column.dimension(), parameters));
    }

    private Items items(Sequence column, Tensor table) {
        int index = spec.sequences().indexOf(column);
        int dimension = table.shape().dim(1);
        Tensor vectors = once(column, table, () -> table.embedding(tape.leaf(SEQUENCE_IDS + index)))
                .reshape(rows, column.length(), dimension);
        return new Items(vectors, tape.leaf(SEQUENCE_LENGTHS + index));
    }

    /** Every column but the numeric ones as a field [rows, 1, dimension], by its rows of {@code embedding.<column>.weight}. */
    List<Tensor> fields(Parameters parameters) {
        List<Tensor> fields = new ArrayList<>();
        for (InputColumn column : columns()) {
            if (!(column instanceof Numeric)) {
                fields.add(embedded(column, parameters).reshape(rows, 1, column.width()));
            }
        }
        return fields;
    }

    /** The dimension that all embeddings have, for a model whose fields are multiplied with each other. */
    int dimension(String model) {
        Map<String, Integer> dimensions = new LinkedHashMap<>();
        columns().stream()
                .filter(column -> !(column instanceof Numeric))
                .forEach(column -> dimensions.put(column.name(), column.width()));
        Set<Integer> different = new TreeSet<>(dimensions.values());
        if (different.size() != 1) {
            throw new IllegalArgumentException(
                    model + " needs embeddings, all of one dimension: dimensions=" + dimensions);
        }
        return different.iterator().next();
    }

    /** The sequence columns, of which a model about sequences needs one. */
    List<Sequence> sequences(String model) {
        if (spec.sequences().isEmpty()) {
            throw new IllegalArgumentException(model + " needs a sequence column: columns="
                    + columns().stream().map(InputColumn::name).toList());
        }
        return spec.sequences();
    }

    /**
     * F32 [rows, width of all inputs]: numeric values and embeddings side by side, in the order of the model's inputs; a sequence by the mean
     * of its items.
     */
    public Tensor concatenate(Parameters parameters) {
        return concatenate(columns(), parameters);
    }

    /** The same without sequences, where there are other columns. */
    Optional<Tensor> concatenateOthers(Parameters parameters) {
        List<InputColumn> others = columns().stream()
                .filter(column -> !(column instanceof Sequence))
                .toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(concatenate(others, parameters));
    }

    private Tensor concatenate(List<InputColumn> columns, Parameters parameters) {
        List<Tensor> parts = InputPart.of(columns).stream()
                .map(part -> switch (part) {
                    case InputPart.Numbers numbers -> numbers(numbers);
                    case InputPart.LookedUp(InputColumn column) -> embedded(column, parameters);
                })
                .toList();
        return parts.size() == 1 ? parts.getFirst() : Tensor.concat(1, parts);
    }

    /** F32 [rows, numbers]: neighbouring numeric columns. */
    public Tensor numbers(InputPart.Numbers part) {
        Tensor dense = tape.leaf(DENSE);
        boolean all = part.from() == 0 && part.to() == dense.shape().dim(1);
        return all ? dense : dense.slice(1, part.from(), part.to());
    }

    /** What a table gives for a column is recorded once, whoever asks. */
    private Tensor once(InputColumn column, Tensor table, Supplier<Tensor> lookup) {
        return lookups.computeIfAbsent(new Lookup(column, table), _ -> lookup.get());
    }

    private static Tensor table(String column, int buckets, int dimension, Parameters parameters) {
        return new Embedding(buckets, dimension).table(parameters.in(EMBEDDING).in(column));
    }
}
