package io.gradstream.autodiff.plan;

import java.util.Map;
import java.util.TreeMap;

/**
 * Offsets in one stretch of memory, handed out and taken back while the plan is laid out. A request gets the smallest free
 * gap that holds it; gaps that touch become one.
 */
final class Arena {

    static final long ALIGNMENT = 64;

    private final TreeMap<Long, Long> gaps = new TreeMap<>();
    private long end;
    private long requested;

    /** The offset of a place of so many bytes. */
    long take(long bytes) {
        long size = aligned(bytes);
        requested += size;
        Map.Entry<Long, Long> best = null;
        for (Map.Entry<Long, Long> gap : gaps.entrySet()) {
            if (gap.getValue() >= size && (best == null || gap.getValue() < best.getValue())) {
                best = gap;
            }
        }
        if (best == null) {
            return grow(size);
        }
        long offset = best.getKey();
        long rest = best.getValue() - size;
        gaps.remove(offset);
        if (rest > 0) {
            gaps.put(offset + size, rest);
        }
        return offset;
    }

    /** Takes a place back. */
    void give(long offset, long bytes) {
        long start = offset;
        long size = aligned(bytes);
        Map.Entry<Long, Long> before = gaps.lowerEntry(offset);
        if (before != null && before.getKey() + before.getValue() == offset) {
            start = before.getKey();
            size += before.getValue();
            gaps.remove(start);
        }
        Long after = gaps.remove(start + size);
        gaps.put(start, after == null ? size : size + after);
    }

    /** How long the stretch must be. */
    long bytes() {
        return end;
    }

    /** The sum of all requests: what it would be without reuse. */
    long requestedBytes() {
        return requested;
    }

    private long grow(long size) {
        Map.Entry<Long, Long> last = gaps.lastEntry();
        long offset = end;
        if (last != null && last.getKey() + last.getValue() == end) {
            offset = last.getKey();
            gaps.remove(offset);
        }
        end = offset + size;
        return offset;
    }

    private static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    }
}
