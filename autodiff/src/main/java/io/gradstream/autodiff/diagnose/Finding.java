package io.gradstream.autodiff.diagnose;

import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A rule that a tape does not keep.
 *
 * @param about the node it is about
 * @param because the nodes that are to blame, in the order of recording
 * @param facts what else is known, as {@code name=value}; may be empty
 */
public record Finding(Rule rule, Tensor about, List<Tensor> because, String facts) {

    public Finding {
        because = List.copyOf(because);
    }

    /** A finding that its nodes explain. */
    public Finding(Rule rule, Tensor about, List<Tensor> because) {
        this(rule, about, because, "");
    }

    @Override
    public String toString() {
        String blamed = because.isEmpty()
                ? ""
                : because.stream().map(Tensor::describe).collect(Collectors.joining(", ", " because of=", ""));
        return rule.text() + ": node=" + about.describe() + (facts.isEmpty() ? "" : " " + facts) + blamed;
    }
}
