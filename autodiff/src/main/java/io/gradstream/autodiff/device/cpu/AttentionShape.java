package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.Attention;
import io.gradstream.autodiff.op.AttentionGradient;
import io.gradstream.autodiff.op.Visibility;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many queries attend to how many keys, and which of them they see. */
record AttentionShape(
        double scale,
        boolean causal,
        int batch,
        int queries,
        int keys,
        int width,
        @Nullable Operand lengths) {

    static AttentionShape of(Attention op, List<Operand> in) {
        return of(op.scale(), op.causal(), in, 3);
    }

    static AttentionShape of(AttentionGradient op, List<Operand> in) {
        return of(op.scale(), op.causal(), in, 4);
    }

    private static AttentionShape of(double scale, boolean causal, List<Operand> in, int arity) {
        Operand q = in.get(0);
        return new AttentionShape(
                scale,
                causal,
                q.shape().dim(0),
                q.shape().dim(1),
                in.get(1).shape().dim(1),
                q.shape().dim(2),
                in.size() > arity ? in.get(arity) : null);
    }

    /** Whether nothing attends or there is nothing to attend to. */
    boolean isEmpty() {
        return queries == 0 || keys == 0 || width == 0;
    }

    /** How many of the batch entry's keys count. */
    int count(int entry) {
        return lengths == null ? keys : (int) lengths.get(entry);
    }

    /** How many keys a query sees of so many that count. */
    int visible(int query, int count) {
        return Visibility.visible(causal, query, count);
    }
}
