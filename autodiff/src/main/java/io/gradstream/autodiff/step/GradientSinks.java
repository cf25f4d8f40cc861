package io.gradstream.autodiff.step;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.op.AccumulateRows;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a micro-batch's gradients go: those of dense parameters are added to their block, those of rows that were looked up in a table to
 * the slots of these rows. The model does not know the difference.
 */
final class GradientSinks {
    private interface Sink {
        void add(Tensor gradient);
    }

    private final Map<String, Buffer> bindings = new HashMap<>();
    private final List<Tensor> sources = new ArrayList<>();
    private final List<Sink> sinks = new ArrayList<>();
    private final List<Slotted> tables = new ArrayList<>();

    GradientSinks(Tape tape, Lookups lookups, ParameterStore store) {
        for (int i = 0; i < store.dense().count(); i++) {
            ParameterSpec parameter = store.dense().parameter(i);
            Tensor target =
                    leaf(tape, "gradient." + parameter.name(), store.dense().view(store.gradients(), i));
            sources.add(tape.leaf(parameter.name()));
            sinks.add(target::accumulate);
        }
        for (RowGradients table : store.rowGradients()) {
            Slotted slotted = new Slotted(
                    leaf(tape, "gradient." + table.name(), table.gradients()),
                    leaf(tape, "slots." + table.name(), table.index()));
            tables.add(slotted);
            for (Tensor rows : lookups.rows(table.name())) {
                sources.add(rows);
                sinks.add(gradient -> slotted.add(gradient, rows.inputs().get(1)));
            }
        }
    }

    /** The values whose gradients are wanted. */
    List<Tensor> sources() {
        return sources;
    }

    /** Records what becomes of the gradients, which come in the order of the sources. */
    void add(List<Tensor> gradients) {
        for (int i = 0; i < gradients.size(); i++) {
            sinks.get(i).add(gradients.get(i));
        }
        tables.forEach(Slotted::record);
    }

    Map<String, Buffer> bindings() {
        return bindings;
    }

    private Tensor leaf(Tape tape, String name, Buffer buffer) {
        bindings.put(name, buffer);
        return tape.input(name, buffer.type());
    }

    /** The slots of a table, to which the gradients of all its lookups are added together. */
    private static final class Slotted {
        private final Tensor gradients;
        private final Tensor index;
        private final List<Tensor> updates = new ArrayList<>();
        private final List<Tensor> ids = new ArrayList<>();

        Slotted(Tensor gradients, Tensor index) {
            this.gradients = gradients;
            this.index = index;
        }

        void add(Tensor ofRows, Tensor numbers) {
            updates.add(ofRows);
            ids.add(numbers);
        }

        void record() {
            gradients.apply(new AccumulateRows(), index, joined(updates), joined(ids));
        }

        private static Tensor joined(List<Tensor> parts) {
            return parts.size() == 1 ? parts.getFirst() : Tensor.concat(0, parts);
        }
    }
}
