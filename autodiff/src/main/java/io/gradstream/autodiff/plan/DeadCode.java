package io.gradstream.autodiff.plan;

import io.gradstream.autodiff.op.InPlace;
import io.gradstream.autodiff.tape.Storage;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Drops steps whose results nobody reads; in-place operations are read by the world. */
final class DeadCode {

    private DeadCode() {}

    static List<Step> eliminate(List<Step> steps, List<Tensor> outputs) {
        Set<Storage> read = new HashSet<>();
        outputs.forEach(output -> read.add(output.storage()));
        List<Step> live = new ArrayList<>();
        for (Step step : steps.reversed()) {
            if (step.kernel() instanceof InPlace || read.contains(step.output().storage())) {
                step.inputs().forEach(input -> read.add(input.storage()));
                live.add(step);
            }
        }
        return List.copyOf(live.reversed());
    }
}
