package io.gradstream.autodiff.step;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.op.ElementwiseUpdate;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.TableUpdate;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The optimizer's part of a step on a tape: parameters, state and statistics as leaves, and the operations that change them. */
final class OptimizerRecording {
    private final Tape tape;
    private final StepSpec spec;
    private final ParameterStore store;
    private final Tensor control;
    private final Map<String, Buffer> bindings = new HashMap<>();

    OptimizerRecording(Tape tape, StepSpec spec, ParameterStore store, Tensor control) {
        this.tape = tape;
        this.spec = spec;
        this.store = store;
        this.control = control;
    }

    Map<String, Buffer> bindings() {
        return bindings;
    }

    /** Updates the dense parameters and leaves their gradients at zero. */
    void dense(Tensor gradients) {
        Section section = store.dense();
        List<Tensor> operands = new ArrayList<>(List.of(gradients));
        for (Buffer state : store.denseState()) {
            operands.add(leaf("state." + operands.size(), state));
        }
        operands.add(control);
        operands.add(leaf("statistics", store.statistics(0, section.count())));
        OptimizerUpdate update =
                OptimizerUpdates.of(spec.optimizer(), section.layout());
        leaf("parameters", section.values()).apply(update, operands.toArray(Tensor[]::new));
        gradients.fill(0);
    }

    /** Updates a table and leaves its slots empty. */
    void table(int table, Tensor gradients, Tensor index) {
        Section section = store.tables();
        String name = section.parameter(table).name();
        List<Tensor> operands = new ArrayList<>(List.of(gradients));
        for (Buffer state : store.tableState()) {
            operands.add(leaf("state." + operands.size() + "." + name, section.view(state, table)));
        }
        operands.add(control);
        operands.add(leaf("statistics." + name, store.statistics(store.dense().count() + table, 1)));
        operands.add(index);
        leaf("parameter." + name, section.value(table))
                .apply(new TableUpdate(rule(), everyRow()), operands.toArray(Tensor[]::new));
    }

    /** Whether the optimizer can be applied to some rows of a table at all. */
    static boolean knowsTables(OptimizerSpec spec) {
        return OptimizerUpdates.of(spec, new ParameterBlock(List.of())) instanceof ElementwiseUpdate;
    }

    private ElementwiseUpdate rule() {
        return (ElementwiseUpdate) OptimizerUpdates.of(spec.optimizer(), store.tables().layout());
    }

    private boolean everyRow() {
        return spec.embeddings() == Embeddings.EXACT && !rule().restsWithoutGradient();
    }

    private Tensor leaf(String name, Buffer buffer) {
        bindings.put(name, buffer);
        return tape.input(name, buffer.type());
    }
}
