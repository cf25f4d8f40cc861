package io.gradstream.autodiff.step;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.op.AddNoise;
import io.gradstream.autodiff.op.AddRowNoise;
import io.gradstream.autodiff.op.AverageWeights;
import io.gradstream.autodiff.op.Draws;
import io.gradstream.autodiff.op.ElementwiseUpdate;
import io.gradstream.autodiff.op.Philox;
import io.gradstream.autodiff.op.Segments;
import io.gradstream.autodiff.op.TableUpdate;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The optimizer's part of a step on a tape: parameters, state and statistics as leaves, and the operations that change them. */
final class OptimizerRecording {
    private final Tape tape;
    private final StepSpec spec;
    private final ParameterStore store;
    private final GroupSteering steering;
    private final Map<String, Buffer> bindings = new HashMap<>();

    OptimizerRecording(Tape tape, StepSpec spec, ParameterStore store, GroupSteering steering) {
        this.tape = tape;
        this.spec = spec;
        this.store = store;
        this.steering = steering;
    }

    Map<String, Buffer> bindings() {
        return bindings;
    }

    /** Updates the dense parameters and leaves their gradients at zero. */
    void dense(Tensor gradients) {
        Tensor parameters = leaf("parameters", store.dense().values());
        for (int i = 0; i < store.groups().size(); i++) {
            UpdateGroup group = store.groups().get(i);
            Tensor control = steering.of(group.group());
            gradients = noisy(gradients, group, control);
            List<Tensor> operands = new ArrayList<>(List.of(gradients));
            for (Buffer state : store.denseState(i)) {
                operands.add(leaf("state." + i + "." + operands.size(), state));
            }
            operands.add(control);
            operands.add(leaf("statistics." + i, store.statistics(group.from(), group.count())));
            parameters = parameters.apply(group.update(), operands.toArray(Tensor[]::new));
        }
        gradients.fill(0);
        average("average", store.denseAverage(), parameters);
    }

    /** Updates a table and leaves its slots empty. */
    void table(int table, Tensor gradients, Tensor index) {
        Section section = store.tables();
        String name = section.parameter(table).name();
        Optional<ParameterGroup> group = UpdateGroup.find(spec.groups(), name);
        ElementwiseUpdate rule = rule(UpdateGroup.optimizer(spec.optimizer(), group));
        Tensor control = steering.of(group);
        List<Tensor> operands = new ArrayList<>(List.of(noisy(gradients, name, control, index)));
        for (Buffer state : store.tableState()) {
            operands.add(leaf("state." + operands.size() + "." + name, section.view(state, table)));
        }
        operands.add(control);
        operands.add(leaf("statistics." + name, store.statistics(store.dense().count() + table, 1)));
        operands.add(index);
        Tensor updated = leaf("parameter." + name, section.value(table))
                .apply(new TableUpdate(rule, everyRow(rule)), operands.toArray(Tensor[]::new));
        average("average." + name, store.tableAverage().map(block -> section.view(block, table)), updated);
    }

    private Tensor noisy(Tensor gradients, UpdateGroup group, Tensor control) {
        List<Draws> draws =
                store.dense().layout().parameters().subList(group.from(), group.from() + group.count()).stream()
                        .map(parameter -> noiseOf(parameter.name()))
                        .toList();
        return spec.gradientNoise()
                .map(noise -> gradients.apply(
                        new AddNoise(noise, draws, group.update().segments()), control))
                .orElse(gradients);
    }

    private Tensor noisy(Tensor gradients, String table, Tensor control, Tensor index) {
        return spec.gradientNoise()
                .map(noise -> gradients.apply(new AddRowNoise(noise, noiseOf(table)), control, index))
                .orElse(gradients);
    }

    /** Every parameter draws from a stream of its own, whatever group it is in. */
    private Draws noiseOf(String parameter) {
        return new Draws(
                spec.seed(), Philox.named(spec.seed(), "noise." + parameter).bits(0));
    }

    private void average(String name, Optional<Buffer> average, Tensor weights) {
        if (average.isPresent() && spec.average().isPresent()) {
            leaf(name, average.get())
                    .apply(new AverageWeights(spec.average().getAsDouble()), weights, steering.of(Optional.empty()));
        }
    }

    /** Whether the optimizer can be applied to some rows of a table at all. */
    static boolean knowsTables(OptimizerSpec spec) {
        return OptimizerUpdates.of(spec, List.of(), new Segments(List.of())) instanceof ElementwiseUpdate;
    }

    private ElementwiseUpdate rule(OptimizerSpec optimizer) {
        ParameterBlock layout = store.tables().layout();
        return (ElementwiseUpdate) OptimizerUpdates.of(optimizer, layout.parameters(), layout.segments());
    }

    private boolean everyRow(ElementwiseUpdate rule) {
        return spec.embeddings() == Embeddings.EXACT && !rule.restsWithoutGradient();
    }

    private Tensor leaf(String name, Buffer buffer) {
        bindings.put(name, buffer);
        return tape.input(name, buffer.type());
    }
}
