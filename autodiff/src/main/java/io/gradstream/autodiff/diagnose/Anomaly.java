package io.gradstream.autodiff.diagnose;

import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Site;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The operation that first made a number that is not finite and that reached a result, or the leaf that brought it in.
 *
 * @param node the operation, with the line that recorded it; of a derivative the line of what it derives
 * @param output what it gave
 * @param inputs what it was given
 */
public record Anomaly(Tensor node, Range output, List<Range> inputs) {

    public Anomaly {
        inputs = List.copyOf(inputs);
    }

    /**
     * Runs a plan's tape once more, eagerly on its device and from its leaves as they are, and follows what is not finite in its
     * results back to where it came from. Nothing of the plan changes; empty when every result is finite.
     */
    public static Optional<Anomaly> find(Plan plan) {
        return new Inspection(plan).origin();
    }

    /** The source line that asked for the operation. */
    public Site site() {
        return node.site();
    }

    @Override
    public String toString() {
        return "first value that is not finite: output=" + output
                + inputs.stream().map(Range::toString).collect(Collectors.joining("; ", " inputs=", ""));
    }
}
