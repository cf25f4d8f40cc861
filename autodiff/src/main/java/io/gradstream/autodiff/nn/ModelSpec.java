package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.nn.InputColumn.Bag;
import io.gradstream.autodiff.nn.InputColumn.Categorical;
import io.gradstream.autodiff.nn.InputColumn.Numeric;
import io.gradstream.autodiff.nn.InputColumn.Sequence;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A model by its parts: what goes in, what stands between, and how many values come out for each row.
 *
 * @param lowRank if the model's own parameters are frozen and its linear layers have adapters
 */
public record ModelSpec(List<InputColumn> inputs, Architecture architecture, int outputs, Optional<LowRank> lowRank) {
    public ModelSpec(List<InputColumn> inputs, Architecture architecture, int outputs) {
        this(inputs, architecture, outputs, Optional.empty());
    }

    public ModelSpec {
        inputs = List.copyOf(inputs);
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("model must have inputs: inputs=[]");
        }
        if (outputs < 1) {
            throw new IllegalArgumentException("model must have outputs: outputs=" + outputs);
        }
        Set<String> names = new HashSet<>();
        for (InputColumn input : inputs) {
            if (!names.add(input.name())) {
                throw new IllegalArgumentException("input columns must have different names: name=" + input.name());
            }
        }
    }

    /** The width of a row after all inputs are concatenated. */
    public int inputWidth() {
        return inputs.stream().mapToInt(InputColumn::width).sum();
    }

    public List<Numeric> numerics() {
        return of(Numeric.class);
    }

    public List<Categorical> categoricals() {
        return of(Categorical.class);
    }

    public List<Bag> bags() {
        return of(Bag.class);
    }

    public List<Sequence> sequences() {
        return of(Sequence.class);
    }

    /** The same model, its own parameters frozen, with adapters. */
    public ModelSpec with(LowRank adapters) {
        return new ModelSpec(inputs, architecture, outputs, Optional.of(adapters));
    }

    private <C extends InputColumn> List<C> of(Class<C> kind) {
        return inputs.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
