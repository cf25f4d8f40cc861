package io.gradstream.autodiff.step;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Reading;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The plans besides a micro-batch's: the one that ends a step, and those that measure what it does not. */
final class StepPlans implements AutoCloseable {
    private final Deque<Runnable> closing = new ArrayDeque<>();
    private final ParameterStore store;
    private final Device device;
    private final int ahead;
    private final StepPlan optimization;
    private final Reading figures;
    private @Nullable PendingNorm pendingNorm;
    private final @Nullable TableNorms tableNorms;
    private final @Nullable MomentInspection inspection;

    /**
     * @param rowSums where rows that learn one after the other sum up what they did; null for steps
     * @param ahead how many steps may be taken before what came of the first is read
     */
    StepPlans(StepSpec spec, ParameterStore store, Device device, Buffer control, @Nullable Buffer rowSums, int ahead) {
        this.store = store;
        this.device = device;
        this.ahead = ahead;
        try {
            optimization = rowSums == null
                    ? new Optimization(spec, store, device, control)
                    : new RowLearning(store, device, control, rowSums);
            closing.push(optimization::close);
            figures = device.reading(optimization.figures(control, spec.clip()), ahead);
            closing.push(figures::close);
            if (spec.accumulate() > 1 && rowSums == null) {
                pendingNorm();
            }
            tableNorms = store.tables().isEmpty() ? null : new TableNorms(store, device);
            if (tableNorms != null) {
                closing.push(tableNorms::close);
            }
            inspection =
                    spec.inspectEvery() > 0 && rowSums == null && !store.dense().isEmpty()
                            ? new MomentInspection(store, device)
                            : null;
            if (inspection != null) {
                closing.push(inspection::close);
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    StepPlan optimization() {
        return optimization;
    }

    /** What copies the figures of a step to the host. */
    Reading figures() {
        return figures;
    }

    /** What measures gradients in the middle of a step; made when it is first asked for. */
    PendingNorm pendingNorm() {
        PendingNorm made = pendingNorm;
        if (made == null) {
            made = new PendingNorm(store, device, ahead);
            closing.push(made::close);
            pendingNorm = made;
        }
        return made;
    }

    /** What measures tables, if there are any. */
    @Nullable
    TableNorms tableNorms() {
        return tableNorms;
    }

    /** What looks at gradients and moments, if the step is to be inspected at all. */
    @Nullable
    MomentInspection inspection() {
        return inspection;
    }

    @Override
    public void close() {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }
}
