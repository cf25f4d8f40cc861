package io.gradstream.autodiff.step;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Reading;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a step found before its first micro-batch, of all that micro-batches change besides gradients: between two steps there are none.
 * Keeping it allocates nothing.
 */
final class StepBeginning implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private final Kept control;
    private final Kept others;
    private final Trend trend = new Trend();
    private boolean tablesChanged;
    private boolean there;

    /** Some blocks, and host memory for what was in them. */
    private static final class Kept {
        private final Device device;
        private final List<Buffer> blocks;
        private final MemorySegment[] found;
        private final Reading reading;
        private final HostCopy copy;

        Kept(Device device, List<Buffer> blocks, Arena arena) {
            this.device = device;
            this.blocks = List.copyOf(blocks);
            found = blocks.stream()
                    .map(block ->
                            arena.allocate(block.size() * block.type().dtype().bytes(), ALIGNMENT))
                    .toArray(MemorySegment[]::new);
            reading = device.reading(this.blocks, 1);
            copy = new HostCopy(found);
        }

        void fetch() {
            if (found.length > 0) {
                copy.begin(reading);
            }
        }

        void restore() {
            copy.await();
            for (int i = 0; i < found.length; i++) {
                device.write(blocks.get(i), found[i]);
            }
        }
    }

    /** @param others the blocks besides the control block */
    StepBeginning(Device device, Buffer control, List<Buffer> others, Arena arena) {
        this.control = new Kept(device, List.of(control), arena);
        try {
            this.others = new Kept(device, others, arena);
        } catch (RuntimeException | Error e) {
            this.control.reading.close();
            throw e;
        }
    }

    /** Whether there is a step to undo. */
    boolean isThere() {
        return there;
    }

    /** @param known the control block as it is, if the host knows it; else the device is asked */
    void keep(Trend now, boolean tablesHaveChanged, @Nullable MemorySegment known) {
        if (known == null) {
            control.fetch();
        } else {
            control.copy.await();
            control.found[0].copyFrom(known);
        }
        others.fetch();
        trend.set(now);
        tablesChanged = tablesHaveChanged;
        there = true;
    }

    /** Puts everything back, and says whether tables are to be measured as they were then. */
    boolean restore(Trend to) {
        control.restore();
        others.restore();
        to.set(trend);
        there = false;
        return tablesChanged;
    }

    /** There is no way back any more. */
    void forget() {
        there = false;
    }

    @Override
    public void close() {
        control.reading.close();
        others.reading.close();
    }
}
