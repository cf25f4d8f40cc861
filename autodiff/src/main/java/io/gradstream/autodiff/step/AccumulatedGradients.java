package io.gradstream.autodiff.step;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.op.RowsHealth;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a step has accumulated, as leaves of a tape: the flat block of gradients, if there is one, and the touched rows of every table. */
final class AccumulatedGradients {
    private final ParameterStore store;
    private final Map<String, Buffer> bindings = new HashMap<>();
    private Optional<Tensor> dense = Optional.empty();
    private final List<Tensor> rows = new ArrayList<>();
    private final List<Tensor> indices = new ArrayList<>();

    AccumulatedGradients(Tape tape, ParameterStore store) {
        this.store = store;
        if (!store.dense().isEmpty()) {
            dense = Optional.of(leaf(tape, "gradients", store.gradients()));
        }
        for (RowGradients table : store.rowGradients()) {
            rows.add(leaf(tape, "gradients." + table.name(), table.gradients()));
            indices.add(leaf(tape, "slots." + table.name(), table.index()));
        }
    }

    private Tensor leaf(Tape tape, String name, Buffer buffer) {
        bindings.put(name, buffer);
        return tape.input(name, buffer.type());
    }

    Map<String, Buffer> bindings() {
        return bindings;
    }

    Optional<Tensor> dense() {
        return dense;
    }

    Tensor rows(int table) {
        return rows.get(table);
    }

    Tensor index(int table) {
        return indices.get(table);
    }

    /** The health of all gradients as they are now, in the order of {@link ParameterStore#trained()}. */
    Tensor norms() {
        List<Tensor> norms = new ArrayList<>();
        dense.ifPresent(gradients -> norms.add(
                gradients.apply(new GradientHealth(store.dense().layout().segments()))));
        for (int table = 0; table < rows.size(); table++) {
            norms.add(rows(table).apply(new RowsHealth(), index(table)));
        }
        return norms.size() == 1 ? norms.getFirst() : Tensor.concat(0, norms);
    }

    /** Replaces all gradients by a function of them. */
    void replace(UnaryOperator<Tensor> function) {
        dense = dense.map(function);
        rows.replaceAll(function);
    }
}
