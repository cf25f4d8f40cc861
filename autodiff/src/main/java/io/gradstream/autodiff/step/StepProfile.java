package io.gradstream.autodiff.step;

import io.gradstream.autodiff.plan.KernelTime;
import java.util.List;
import java.util.stream.Stream;

/** Where the time of a step goes: the kernels of its micro-batch and those that end it, each with its shortest time. */
public record StepProfile(List<KernelTime> microBatch, List<KernelTime> optimization) {

    public StepProfile {
        microBatch = List.copyOf(microBatch);
        optimization = List.copyOf(optimization);
    }

    public Stream<KernelTime> kernels() {
        return Stream.concat(microBatch.stream(), optimization.stream());
    }
}
