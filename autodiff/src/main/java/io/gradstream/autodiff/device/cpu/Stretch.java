package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;
import java.util.ArrayList;
import java.util.List;

/** Some neighbouring elements of one segment of a flat block. */
record Stretch(int segment, long offset, int count) {
    private static final int ELEMENTS_OF_A_PART = 1 << 18;

    /** All segments in parts that may be worked on at the same time, each of about as many elements; the cut depends on nothing else. */
    static List<List<Stretch>> parts(Segments segments) {
        List<List<Stretch>> parts = new ArrayList<>();
        List<Stretch> part = new ArrayList<>();
        int room = ELEMENTS_OF_A_PART;
        for (int row = 0; row < segments.count(); row++) {
            Segment segment = segments.list().get(row);
            for (long at = segment.offset(); at < segment.end(); ) {
                int count = (int) Math.min(room, segment.end() - at);
                part.add(new Stretch(row, at, count));
                at += count;
                room -= count;
                if (room == 0) {
                    parts.add(List.copyOf(part));
                    part.clear();
                    room = ELEMENTS_OF_A_PART;
                }
            }
        }
        parts.add(List.copyOf(part));
        return parts;
    }
}
