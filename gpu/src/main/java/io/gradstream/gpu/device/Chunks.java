package io.gradstream.gpu.device;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameters of a flat block, cut into stretches for one block of threads each: what is summed over a parameter is summed over its
 * chunks first and then over them in order, whatever the card.
 *
 * @param first for each parameter its first chunk, and behind the last one the number of chunks that belong to parameters
 */
record Chunks(List<Chunk> list, List<Integer> first) {
    private static final long BYTES = 16;
    private static final int PADDING = -1;

    /** Some elements of one parameter, or of the padding between them. */
    record Chunk(long offset, int count, int segment) {}

    Chunks {
        list = List.copyOf(list);
        first = List.copyOf(first);
    }

    /** The parameters in chunks of some length at most. */
    static Chunks of(Segments segments, int length) {
        List<Chunk> chunks = new ArrayList<>();
        List<Integer> first = new ArrayList<>();
        for (int segment = 0; segment < segments.count(); segment++) {
            Segment parameter = segments.list().get(segment);
            first.add(chunks.size());
            cut(parameter.offset(), parameter.end(), segment, length, chunks);
        }
        first.add(chunks.size());
        return new Chunks(chunks, first);
    }

    /** These, and behind them the padding of a block of some size. */
    Chunks withPadding(Segments segments, long size, int length) {
        List<Chunk> all = new ArrayList<>(list);
        long end = 0;
        for (Segment parameter : segments.list()) {
            cut(end, parameter.offset(), PADDING, length, all);
            end = parameter.end();
        }
        cut(end, size, PADDING, length, all);
        return new Chunks(all, first);
    }

    private static void cut(long from, long to, int segment, int length, List<Chunk> chunks) {
        for (long offset = from; offset < to; offset += length) {
            chunks.add(new Chunk(offset, Math.toIntExact(Math.min(length, to - offset)), segment));
        }
    }

    int count() {
        return list.size();
    }

    /** The kernels' structs. */
    MemorySegment structs(Arena arena) {
        MemorySegment structs = arena.allocate(Math.max(1, count()) * BYTES, Long.BYTES);
        for (int i = 0; i < count(); i++) {
            Chunk chunk = list.get(i);
            structs.set(JAVA_LONG, i * BYTES, chunk.offset());
            structs.set(JAVA_INT, i * BYTES + Long.BYTES, chunk.count());
            structs.set(JAVA_INT, i * BYTES + Long.BYTES + Integer.BYTES, chunk.segment());
        }
        return structs;
    }

    int[] firsts() {
        return first.stream().mapToInt(Integer::intValue).toArray();
    }
}
