package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gradstream.autodiff.DType;
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

    /** What one micro-batch found in one table: the numbers of rows, and their values. */
    private static final class Found {
        private String table = "";
        private int count;
        private int width;
        private MemorySegment numbers = MemorySegment.NULL;
        private MemorySegment values = MemorySegment.NULL;
    }

    void forget() {
        size = 0;
    }

    /** Remembers the rows of a table by the buffers in which a micro-batch has them. */
    void add(String table, Buffer numbers, Buffer values) {
        if (size == found.size()) {
            found.add(new Found());
        }
        Found next = found.get(size++);
        next.table = table;
        next.count = values.type().shape().dim(0);
        next.width = values.type().shape().dim(1);
        next.numbers = room(next.numbers, (long) next.count * Integer.BYTES);
        next.values = room(next.values, (long) next.count * next.width * Float.BYTES);
        device.fetch(numbers, next.numbers);
        device.fetch(values, next.values);
    }

    private MemorySegment room(MemorySegment has, long bytes) {
        return has.byteSize() < bytes ? arena.allocate(bytes, ALIGNMENT) : has;
    }

    /** Puts them back, those of the first micro-batch last: it found what was there before any of them. */
    void restore() {
        device.await();
        for (int i = size - 1; i >= 0; i--) {
            restore(found.get(i));
        }
        size = 0;
    }

    private void restore(Found rows) {
        Buffer table = store.value(rows.table);
        TensorType type = TensorType.of(DType.F32, rows.width);
        long bytes = (long) rows.width * device.bytesPerElement(DType.F32);
        for (int i = 0; i < rows.count; i++) {
            long row = rows.numbers.getAtIndex(JAVA_INT, i);
            device.write(
                    new Buffer(table.memory(), table.offset() + row * bytes, type),
                    rows.values.asSlice((long) i * rows.width * Float.BYTES, (long) rows.width * Float.BYTES));
        }
    }
}
