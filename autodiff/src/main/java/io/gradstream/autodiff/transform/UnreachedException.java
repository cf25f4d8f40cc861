package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.tape.Tensor;
import java.util.List;

/** Values that an output does not depend on in any differentiable way, though their gradients were asked for. */
public final class UnreachedException extends IllegalStateException {

    UnreachedException(Tensor output, List<Tensor> unreached) {
        super("no gradient reaches these values (leave them out if they are frozen): values="
                + unreached.stream().map(Tensor::describe).toList() + " cut at=" + cuts(output, unreached) + " output="
                + output.describe());
    }

    private static List<String> cuts(Tensor output, List<Tensor> unreached) {
        Flow flow = Flow.from(output);
        return unreached.stream()
                .flatMap(value -> flow.cuts(value).stream())
                .distinct()
                .map(Tensor::describe)
                .toList();
    }
}
