package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.diagnose.ZeroGuard;
import io.gradstream.autodiff.op.Control;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** What a snapshot must be before a training step goes back to it. */
final class SnapshotRules {
    private SnapshotRules() {}

    /** It has the blocks that are expected and no others, each of its type. */
    static void requireBlocks(Snapshot snapshot, Map<String, TensorType> expected) {
        Map<String, TensorType> actual = new TreeMap<>();
        snapshot.blocks().forEach(found -> actual.put(found.name(), found.type()));
        Set<String> names = new TreeSet<>(expected.keySet());
        names.addAll(actual.keySet());
        for (String name : names) {
            if (!Objects.equals(expected.get(name), actual.get(name))) {
                throw new IllegalArgumentException("snapshot must be of the same "
                        + (name.startsWith(ParameterStore.MOMENT) ? "optimizer" : "model") + ": block="
                        + name + " expected=" + Objects.toString(expected.get(name), "none") + " actual="
                        + Objects.toString(actual.get(name), "none"));
            }
        }
    }

    /** Every step divides its gradients by the scale, but only FP16 has multiplied its loss by it. */
    static void requirePrecision(MemorySegment control, Precision precision) {
        double scale = DType.F64.get(control, Control.LOSS_SCALE.slot());
        if (precision != Precision.FP16 && scale != 1) {
            throw new IllegalArgumentException(
                    "snapshot must be of the same precision: precision=" + precision + " lossScale=" + scale);
        }
    }

    /** Gradients that belong to no row would count in the next step, which nobody would see. */
    static void requireZeroGradients(Snapshot snapshot, MemorySegment trend) {
        if (trend.getAtIndex(JAVA_DOUBLE, Trend.PENDING_ROWS) != 0) {
            return;
        }
        for (Snapshot.Block block : snapshot.blocks()) {
            if (block.name().startsWith(ParameterStore.GRADIENT)) {
                DType dtype = block.type().dtype();
                ZeroGuard.require(
                        block.name(),
                        IntStream.range(0, Math.toIntExact(block.type().shape().size()))
                                .mapToDouble(i -> dtype.get(block.bytes(), i))
                                .toArray());
            }
        }
    }
}
