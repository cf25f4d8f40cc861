package io.gradstream.load.peer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The columns of a model, which find their values in a batch and their vectors in tables {@code embedding.<column>.weight}. */
public final class PeerInputs {
    private static final long SUM_OF_BAG = 0;
    private static final long MEAN_OF_BAG = 1;
    private static final long NO_PADDING = -1;

    private final List<PeerInput> columns;
    private final Map<PeerInput, Integer> places = new HashMap<>();
    private final int denseColumns;

    public PeerInputs(List<PeerInput> columns) {
        this.columns = List.copyOf(columns);
        Map<Class<?>, Integer> ofKind = new HashMap<>();
        int dense = 0;
        for (PeerInput column : columns) {
            places.put(column, ofKind.merge(column.getClass(), 1, Integer::sum) - 1);
            dense += column instanceof PeerInput.Dense ? column.width() : 0;
        }
        denseColumns = dense;
    }

    int width() {
        return columns.stream().mapToInt(PeerInput::width).sum();
    }

    List<PeerInput.Sequence> sequences() {
        return columns.stream()
                .filter(PeerInput.Sequence.class::isInstance)
                .map(PeerInput.Sequence.class::cast)
                .toList();
    }

    List<PeerInput.Ids> ids() {
        return columns.stream()
                .filter(PeerInput.Ids.class::isInstance)
                .map(PeerInput.Ids.class::cast)
                .toList();
    }

    int denseColumns() {
        return denseColumns;
    }

    void declare(PeerParameters parameters) {
        ids().forEach(column -> parameters.table(table(column), column.buckets(), column.width()));
    }

    /** All blocks side by side. */
    Tensor concatenate(PeerBatch batch, PeerWeights weights) {
        return concatenate(columns, batch, weights);
    }

    /** All blocks but sequences side by side, where there are any. */
    Optional<Tensor> concatenateOthers(PeerBatch batch, PeerWeights weights) {
        List<PeerInput> others = columns.stream()
                .filter(column -> !(column instanceof PeerInput.Sequence))
                .toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(concatenate(others, batch, weights));
    }

    private Tensor concatenate(List<PeerInput> blocksOf, PeerBatch batch, PeerWeights weights) {
        TensorVector blocks = new TensorVector();
        int column = 0;
        for (PeerInput input : blocksOf) {
            switch (input) {
                case PeerInput.Dense dense -> {
                    blocks.push_back(
                            dense.width() == denseColumns
                                    ? batch.dense()
                                    : batch.dense().narrow(1, column, dense.width()));
                    column += dense.width();
                }
                case PeerInput.Ids ids -> blocks.push_back(embedded(ids, batch, weights));
            }
        }
        return blocks.size() == 1 ? blocks.get(0) : torch.cat(blocks, 1);
    }

    /** A column's vector per row [rows, width]. */
    Tensor embedded(PeerInput.Ids column, PeerBatch batch, PeerWeights weights) {
        return lookup(column, weights.get(table(column)), batch, weights);
    }

    /** One vector of a table per row: those of a bag combined, those of a sequence averaged. */
    Tensor lookup(PeerInput.Ids ids, Tensor table, PeerBatch batch, PeerWeights weights) {
        return switch (ids) {
            case PeerInput.Table it -> embedding(table, batch.table(place(it)), weights);
            case PeerInput.Bag it ->
                torch.embedding_bag(
                                table,
                                batch.bagIds(place(it)),
                                batch.bagOffsets(place(it)),
                                false,
                                it.mean() ? MEAN_OF_BAG : SUM_OF_BAG,
                                weights.sparse(),
                                new TensorOptional(),
                                false)
                        .get0();
            case PeerInput.Sequence it ->
                sequence(it, batch).mean(embedding(table, sequence(it, batch).ids(), weights));
        };
    }

    /** The vectors of a sequence's items [rows, length, width]. */
    Tensor items(PeerInput.Sequence column, PeerBatch batch, PeerWeights weights) {
        return embedding(weights.get(table(column)), sequence(column, batch).ids(), weights);
    }

    PeerSequence sequence(PeerInput.Sequence column, PeerBatch batch) {
        return batch.sequence(place(column));
    }

    private static Tensor embedding(Tensor table, Tensor ids, PeerWeights weights) {
        return torch.embedding(table, ids, NO_PADDING, false, weights.sparse());
    }

    private int place(PeerInput column) {
        Integer place = places.get(column);
        if (place == null) {
            throw new IllegalArgumentException("no such column: column=" + column + " columns=" + columns);
        }
        return place;
    }

    private static String table(PeerInput.Ids column) {
        return "embedding." + column.name() + ".weight";
    }
}
