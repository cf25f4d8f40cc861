package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of tables that micro-batches have changed at once, as each found them: what a step needs to unlearn. Memory is allocated until
 * the longest step has been seen.
 */
final class ChangedRows {
    private static final long ALIGNMENT = 64;

    private final Device device;
    private final ParameterStore store;
    private final Arena arena;
    private final List<Found> found = new ArrayList<>();
    private int size;

    ChangedRows(Device device, ParameterStore store, Arena arena) {
        this.device = device;
        this.store = store;
        this.arena = arena;
    }

    /** What one micro-batch found in the tables, each at its place: the numbers of rows, and their values. */
    private static final class Found {
        private final List<Accumulation.Lookup> lookups;
        private final MemorySegment[] parts;
        private final HostCopy copy;

        Found(List<Accumulation.Lookup> lookups, Arena arena) {
            this.lookups = lookups;
            parts = lookups.stream()
                    .flatMap(Accumulation.Lookup::parts)
                    .map(part ->
                            arena.allocate(part.size() * part.type().dtype().bytes(), ALIGNMENT))
                    .toArray(MemorySegment[]::new);
            copy = new HostCopy(parts);
        }
    }

    void forget() {
        size = 0;
    }

    /** Remembers the rows that a micro-batch which was just run has changed at once, if there are any. */
    void add(Accumulation plan) {
        List<Accumulation.Lookup> lookups = plan.lookups();
        if (lookups.isEmpty()) {
            return;
        }
        if (size == found.size()) {
            found.add(new Found(lookups, arena));
        } else if (!found.get(size).lookups.equals(lookups)) {
            found.set(size, new Found(lookups, arena));
        }
        found.get(size++).copy.begin(plan.changedRows());
    }

    /** Puts them back, those of the first micro-batch last: it found what was there before any of them. */
    void restore() {
        for (int i = size - 1; i >= 0; i--) {
            restore(found.get(i));
        }
        size = 0;
    }

    private void restore(Found of) {
        of.copy.await();
        for (int i = 0; i < of.lookups.size(); i++) {
            Accumulation.Lookup lookup = of.lookups.get(i);
            restore(store.value(lookup.table()), lookup.rows().type().shape(), of.parts[2 * i], of.parts[2 * i + 1]);
        }
    }

    private void restore(Buffer table, Shape rows, MemorySegment numbers, MemorySegment values) {
        int width = rows.dim(1);
        long bytes = (long) width * device.bytesPerElement(DType.F32);
        for (int i = 0; i < rows.dim(0); i++) {
            long row = numbers.getAtIndex(JAVA_INT, i);
            device.write(
                    new Buffer(table.memory(), table.offset() + row * bytes, TensorType.of(DType.F32, width)),
                    values.asSlice((long) i * width * Float.BYTES, (long) width * Float.BYTES));
        }
    }
}
