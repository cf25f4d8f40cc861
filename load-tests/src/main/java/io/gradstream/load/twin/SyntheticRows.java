package io.gradstream.load.twin;

import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.load.peer.PeerRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A seeded source of rows that fit a model: normal numbers, uniform buckets, bags of up to five, sequences of any length or full ones, labels that
 * depend on the numbers.
 */
public final class SyntheticRows {
    private static final int LONGEST_BAG = 5;

    /** How many items sequences have. */
    public enum Lengths {
        ANY,
        FULL
    }

    private final ModelSpec model;
    private final Loss loss;
    private final boolean weighted;
    private final Lengths lengths;
    private final SplittableRandom random;

    public SyntheticRows(ModelSpec model, Loss loss, boolean weighted, long seed) {
        this(model, loss, weighted, Lengths.ANY, seed);
    }

    public SyntheticRows(ModelSpec model, Loss loss, boolean weighted, Lengths lengths, long seed) {
        this.model = model;
        this.loss = loss;
        this.weighted = weighted;
        this.lengths = lengths;
        this.random = new SplittableRandom(seed);
    }

    public PeerRows next(int count) {
        int columns = model.numerics().size();
        float[] dense = new float[count * columns];
        for (int i = 0; i < dense.length; i++) {
            dense[i] = (float) random.nextGaussian();
        }
        List<long[]> tables = new ArrayList<>();
        for (InputColumn.Categorical table : model.categoricals()) {
            tables.add(random.longs(count, 0, table.buckets()).toArray());
        }
        List<PeerRows.BagIds> bags = new ArrayList<>();
        for (InputColumn.Bag bag : model.bags()) {
            bags.add(bag(count, bag.buckets()));
        }
        List<PeerRows.SequenceIds> sequences = new ArrayList<>();
        for (InputColumn.Sequence sequence : model.sequences()) {
            sequences.add(sequence(count, sequence));
        }
        float[] label = new float[count];
        for (int row = 0; row < count; row++) {
            label[row] = label(columns == 0 ? 0 : dense[row * columns]);
        }
        return new PeerRows(
                count,
                dense,
                tables,
                bags,
                sequences,
                label,
                weighted ? Optional.of(weights(count)) : Optional.empty());
    }

    private PeerRows.SequenceIds sequence(int count, InputColumn.Sequence column) {
        long[] ids = new long[count * column.length()];
        long[] items = new long[count];
        for (int row = 0; row < count; row++) {
            items[row] = switch (lengths) {
                case ANY -> random.nextInt(column.length() + 1);
                case FULL -> column.length();
            };
            for (int i = 0; i < items[row]; i++) {
                ids[row * column.length() + i] = random.nextLong(column.buckets());
            }
        }
        return new PeerRows.SequenceIds(ids, items);
    }

    private PeerRows.BagIds bag(int count, int buckets) {
        long[] offsets = new long[count];
        List<Long> ids = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            offsets[row] = ids.size();
            for (int i = random.nextInt(LONGEST_BAG + 1); i > 0; i--) {
                ids.add(random.nextLong(buckets));
            }
        }
        return new PeerRows.BagIds(ids.stream().mapToLong(Long::longValue).toArray(), offsets);
    }

    private float label(float first) {
        return switch (loss) {
            case Loss.BinaryCrossEntropy _ -> random.nextDouble() < 1 / (1 + Math.exp(-2 * first)) ? 1 : 0;
            case Loss.CrossEntropy _ -> first > 0 ? random.nextInt(model.outputs()) : 0;
            case Loss.SquaredError _, Loss.AbsoluteError _, Loss.Huber _ ->
                (float) (first + 0.1 * random.nextGaussian());
            case Loss.Reconstruction _ -> 0;
            case Loss.Poisson _ -> random.nextInt(first > 0 ? 5 : 2);
        };
    }

    private float[] weights(int count) {
        float[] weights = new float[count];
        for (int row = 0; row < count; row++) {
            weights[row] = (float) random.nextDouble(0.25, 4);
        }
        return weights;
    }
}
