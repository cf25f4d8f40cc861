package io.gradstream.autodiff.diagnose;

import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A rule that a tape does not keep.
 *
 * @param about the node it is about
 * @param because the nodes that are to blame, in the order of recording
 */
public record Finding(Rule rule, Tensor about, List<Tensor> because) {

    public Finding {
        because = List.copyOf(because);
    }

    @Override
    public String toString() {
        String text = rule.text() + ": node=" + about.describe();
        return because.isEmpty()
                ? text
                : text + because.stream().map(Tensor::describe).collect(Collectors.joining(", ", " because of=", ""));
    }
}
