package io.gradstream.autodiff.step;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /** @param others the blocks besides the control block */
    StepBeginning(Device device, Buffer control, List<Buffer> others, Arena arena) {
        this.device = device;
        List<Buffer> all = new ArrayList<>(List.of(control));
        all.addAll(others);
        blocks = List.copyOf(all);
        for (Buffer block : blocks) {
            kept.add(arena.allocate(block.size() * block.type().dtype().bytes(), ALIGNMENT));
        }
    }

    /** Whether there is a step to undo. */
    boolean isThere() {
        return there;
    }

    /** @param control the control block as it is, if the host knows it; else the device is asked */
    void keep(Trend now, boolean tablesHaveChanged, @Nullable MemorySegment control) {
        if (control != null) {
            kept.getFirst().copyFrom(control);
        }
        for (int i = control == null ? 0 : 1; i < kept.size(); i++) {
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
