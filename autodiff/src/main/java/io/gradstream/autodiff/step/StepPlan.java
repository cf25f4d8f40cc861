package io.gradstream.autodiff.step;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.plan.KernelTime;
import java.util.List;

/** What ends a step, and where it leaves its figures. */
interface StepPlan extends AutoCloseable {
    void run();

    /** Squared norms and finiteness of the scaled gradients, per parameter. */
    Buffer health();

    /** The same after clipping each element, where that is asked for. */
    Buffer clippedHealth();

    /** Squared updates and squared weights, per parameter. */
    Buffer statistics();

    /** The time of every kernel in the steps that some work takes. */
    List<KernelTime> profile(Runnable work);

    @Override
    void close();
}
