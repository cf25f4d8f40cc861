package io.gradstream.load.twin;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.load.peer.PeerRows;
import java.lang.foreign.MemorySegment;

/** Copies rows of the peer into a micro-batch of ours. */
public final class MicroBatches {
    private MicroBatches() {}

    public static void fill(MicroBatch batch, Loss loss, PeerRows rows) {
        batch.rows(rows.count());
        floats(rows.dense(), batch.dense());
        for (int i = 0; i < rows.tables().size(); i++) {
            ints(rows.tables().get(i), batch.ids(i));
        }
        for (int i = 0; i < rows.bags().size(); i++) {
            PeerRows.BagIds bag = rows.bags().get(i);
            batch.ensureBagCapacity(i, bag.ids().length);
            ints(bag.ids(), batch.bagIds(i));
            ints(bag.offsets(), batch.bagOffsets(i));
            batch.bagOffsets(i).setAtIndex(JAVA_INT, rows.count(), bag.ids().length);
        }
        for (int i = 0; i < rows.sequences().size(); i++) {
            ints(rows.sequences().get(i).ids(), batch.sequenceIds(i));
            ints(rows.sequences().get(i).lengths(), batch.sequenceLengths(i));
        }
        if (loss.labels() == DType.I32) {
            for (int row = 0; row < rows.count(); row++) {
                batch.label().setAtIndex(JAVA_INT, row, (int) rows.label()[row]);
            }
        } else {
            floats(rows.label(), batch.label());
        }
        batch.resetWeights();
        rows.weight().ifPresent(weights -> floats(weights, batch.weight()));
    }

    private static void floats(float[] from, MemorySegment to) {
        MemorySegment.copy(from, 0, to, JAVA_FLOAT, 0, from.length);
    }

    private static void ints(long[] from, MemorySegment to) {
        for (int i = 0; i < from.length; i++) {
            to.setAtIndex(JAVA_INT, i, Math.toIntExact(from[i]));
        }
    }
}
