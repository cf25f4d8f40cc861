package io.gradstream.autodiff.step;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.plan.KernelTime;
import io.gradstream.autodiff.plan.Plan;
import java.util.List;

/** What ends a step, and where it leaves its figures. */
interface StepPlan extends AutoCloseable {
    void run();

    /** A plan and this one behind it as one program; both must outlive it. */
    Program behind(Plan first);

    /** Squared norms and finiteness of the scaled gradients, per parameter. */
    Buffer health();

    /** The same after clipping each element, where that is asked for. */
    Buffer clippedHealth();

    /** Squared updates and squared weights, per parameter. */
    Buffer statistics();

    /** Whether clipping changes gradients otherwise than by one factor, so that their norms have to be measured again. */
    static boolean clipsEach(Clip clip) {
        return clip instanceof Clip.Value || clip instanceof Clip.GroupNorm;
    }

    /** What a step has come to: control block, health and statistics, and the health after clipping where it is another. */
    default List<Buffer> figures(Buffer control, Clip clip) {
        return clipsEach(clip)
                ? List.of(control, health(), statistics(), clippedHealth())
                : List.of(control, health(), statistics());
    }

    /** The time of every kernel in the steps that some work takes. */
    List<KernelTime> profile(Runnable work);

    @Override
    void close();
}
