package io.gradstream.autodiff.step;

import io.gradstream.autodiff.device.Reading;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What was predicted for the rows of one micro-batch, and their losses, on their way from the device. */
final class RowFigures {
    private static final long ALIGNMENT = 64;

    private final MemorySegment predictions;
    private final MemorySegment losses;
    private final HostCopy copy;

    RowFigures(StepSpec spec, Arena arena) {
        losses = arena.allocate((long) spec.microBatch() * Float.BYTES, ALIGNMENT);
        predictions = arena.allocate(losses.byteSize() * spec.model().outputs(), ALIGNMENT);
        copy = new HostCopy(predictions, losses);
    }

    /** Asks for those of the micro-batch that was run last. */
    void fetch(Reading figures) {
        copy.begin(figures);
    }

    MemorySegment predictions() {
        copy.await();
        return predictions.asReadOnly();
    }

    MemorySegment losses() {
        copy.await();
        return losses.asReadOnly();
    }
}
