package io.gradstream.autodiff.step;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * What a step found before its first micro-batch, of all that micro-batches change besides gradients: between two steps there are none.
 * Keeping it allocates nothing.
 */
final class StepBeginning {
    private static final long ALIGNMENT = 64;

    private final Device device;
    private final List<Buffer> blocks;
    private final List<MemorySegment> kept = new ArrayList<>();
    private final Trend trend = new Trend();
    private boolean tablesChanged;
    private boolean there;

    StepBeginning(Device device, List<Buffer> blocks, Arena arena) {
        this.device = device;
        this.blocks = List.copyOf(blocks);
        for (Buffer block : blocks) {
            kept.add(arena.allocate(block.size() * block.type().dtype().bytes(), ALIGNMENT));
        }
    }

    /** Whether there is a step to undo. */
    boolean isThere() {
        return there;
    }

    void keep(Trend now, boolean tablesHaveChanged) {
        for (int i = 0; i < kept.size(); i++) {
            device.fetch(blocks.get(i), kept.get(i));
        }
        trend.set(now);
        tablesChanged = tablesHaveChanged;
        there = true;
    }

    /** Puts everything back, and says whether tables are to be measured as they were then. */
    boolean restore(Trend to) {
        device.await();
        for (int i = 0; i < kept.size(); i++) {
            device.write(blocks.get(i), kept.get(i));
        }
        to.set(trend);
        there = false;
        return tablesChanged;
    }

    /** There is no way back any more. */
    void forget() {
        there = false;
    }
}
