package io.gradstream.gpu.device;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gradstream.gpu.driver.PinnedMemory;

/**
 * What kernels found wrong with numbers that came as data, such as a row that its table does not have: one record in the host's memory, which a
 * kernel writes and the host reads whenever it has waited for the card. Looking costs nothing.
 */
final class Faults implements AutoCloseable {
    private static final long BYTES = 24;
    private static final long NUMBER = 8;
    private static final long LIMIT = 16;

    private final PinnedMemory record = PinnedMemory.allocate(BYTES);

    /** Where kernels write. */
    long address() {
        return record.address();
    }

    /** Throws what was found since the last look. */
    void check() {
        int kind = record.segment().get(JAVA_INT, 0);
        if (kind != 0) {
            long number = record.segment().get(JAVA_LONG, NUMBER);
            long limit = record.segment().get(JAVA_LONG, LIMIT);
            record.segment().fill((byte) 0);
            throw exception(kind, number, limit);
        }
    }

    private static RuntimeException exception(int kind, long number, long limit) {
        return switch (kind) {
            case 1 ->
                new IndexOutOfBoundsException(
                        "a row number must lie within the table: id=" + number + " rows=" + limit);
            case 2 ->
                new IndexOutOfBoundsException("a number must lie within the axis: id=" + number + " extent=" + limit);
            case 3 ->
                new IndexOutOfBoundsException(
                        "a bag must lie within its rows, offsets ascending: offset=" + number + " rows=" + limit);
            case 4 ->
                new IndexOutOfBoundsException(
                        "length must be within the keys: length=" + number + " keys=" + (limit - 1));
            case 5 ->
                new IllegalStateException("touched rows must fit their slots: capacity=" + limit + " rows=" + number);
            case 6 ->
                new IndexOutOfBoundsException(
                        "a class must be one of the model's: class=" + number + " classes=" + limit);
            default -> new IllegalStateException("a kernel reported an unknown fault: kind=" + kind);
        };
    }

    @Override
    public void close() {
        record.close();
    }
}
