package io.gradstream.load.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Rows as libtorch tensors, ready to train on any number of times. */
public final class PeerBatch implements AutoCloseable {
    private final PeerRows rows;
    private final Tensor dense;
    private final List<Tensor> tables = new ArrayList<>();
    private final List<Tensor> bagIds = new ArrayList<>();
    private final List<Tensor> bagOffsets = new ArrayList<>();
    private final List<PeerSequence> sequences = new ArrayList<>();
    private final Tensor label;
    private final Optional<Tensor> weight;

    PeerBatch(PeerLoss loss, ScalarType type, PeerRows rows) {
        this.rows = rows;
        this.dense = tensor(rows.dense(), type, rows.count(), rows.dense().length / rows.count());
        rows.tables().forEach(ids -> tables.add(tensor(ids)));
        rows.bags().forEach(bag -> {
            bagIds.add(tensor(bag.ids()));
            bagOffsets.add(tensor(bag.offsets()));
        });
        rows.sequences()
                .forEach(column -> sequences.add(new PeerSequence(
                        tensor(column.ids(), rows.count(), column.length()), tensor(column.lengths()), column.full())));
        this.label =
                PeerLoss.isOfClasses(loss) ? tensor(classes(rows.label())) : tensor(rows.label(), type, rows.count());
        this.weight = rows.weight().map(weights -> tensor(weights, type, rows.count()));
    }

    PeerRows rows() {
        return rows;
    }

    Tensor dense() {
        return dense;
    }

    Tensor table(int index) {
        return tables.get(index);
    }

    Tensor bagIds(int index) {
        return bagIds.get(index);
    }

    Tensor bagOffsets(int index) {
        return bagOffsets.get(index);
    }

    PeerSequence sequence(int index) {
        return sequences.get(index);
    }

    Tensor label() {
        return label;
    }

    Optional<Tensor> weight() {
        return weight;
    }

    @Override
    public void close() {
        dense.close();
        tables.forEach(Pointer::close);
        bagIds.forEach(Pointer::close);
        bagOffsets.forEach(Pointer::close);
        sequences.forEach(PeerSequence::close);
        label.close();
        weight.ifPresent(Pointer::close);
    }

    static Tensor tensor(float[] values, ScalarType type, long... shape) {
        return switch (type) {
            case Float -> {
                try (FloatPointer data = new FloatPointer(values)) {
                    yield owned(data, type, shape);
                }
            }
            case Double -> {
                double[] wide = new double[values.length];
                for (int i = 0; i < values.length; i++) {
                    wide[i] = values[i];
                }
                try (DoublePointer data = new DoublePointer(wide)) {
                    yield owned(data, type, shape);
                }
            }
            default -> throw new IllegalArgumentException("rows are float or double: type=" + type);
        };
    }

    static Tensor tensor(long[] values) {
        return tensor(values, values.length);
    }

    private static Tensor tensor(long[] values, long... shape) {
        try (LongPointer data = new LongPointer(values)) {
            return owned(data, ScalarType.Long, shape);
        }
    }

    private static Tensor owned(Pointer data, ScalarType type, long... shape) {
        try (TensorOptions options = new TensorOptions(type);
                Tensor view = torch.from_blob(data, shape, options)) {
            return view.clone();
        }
    }

    private static long[] classes(float[] label) {
        long[] classes = new long[label.length];
        for (int i = 0; i < label.length; i++) {
            classes[i] = (long) label[i];
        }
        return classes;
    }
}
