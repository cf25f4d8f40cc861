package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;

/** The parameters of a flat block in ascending order; elements between them are padding that no operation touches. */
public record Segments(List<Segment> list) {

    public Segments {
        list = List.copyOf(list);
        long end = 0;
        for (Segment segment : list) {
            if (segment.offset() < end) {
                throw new IllegalArgumentException("segments must ascend and not overlap: segments=" + list);
            }
            end = segment.end();
        }
    }

    public static Segments of(Segment... segments) {
        return new Segments(List.of(segments));
    }

    public int count() {
        return list.size();
    }

    void within(Op op, TensorType block) {
        Rules.arithmetic(op, block);
        Rules.rank(op, block, 1);
        long end = list.isEmpty() ? 0 : list.get(list.size() - 1).end();
        Rules.require(
                end <= block.shape().size(), op, "needs segments within the block", "block=" + block + " end=" + end);
    }
}
