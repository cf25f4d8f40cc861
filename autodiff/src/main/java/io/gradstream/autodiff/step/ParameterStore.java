package io.gradstream.autodiff.step;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.nn.ParameterSpec.Kind;
import io.gradstream.autodiff.op.OptimizerUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All arrays of a model in training. Trained parameters lie in one section with blocks for their gradients and for the optimizer's state,
 * or, as tables of which only touched rows have gradients, in a second one with blocks for state alone; parameters that no optimizer
 * changes lie in a third.
 */
final class ParameterStore implements AutoCloseable {
    static final String MOMENT = "moment.";

    private final Section dense;
    private final Section tables;
    private final Section kept;
    private final Buffer gradients;
    private final List<Buffer> denseState;
    private final List<Buffer> tableState;
    private final List<RowGradients> rowGradients = new ArrayList<>();
    private final Device device;
    private final Buffer statistics;
    private final SequencedMap<String, Buffer> values = new LinkedHashMap<>();

    /** @param slots the tables whose gradients are to follow the touched rows, and for how many rows there is room at first */
    ParameterStore(Device device, List<ParameterSpec> parameters, OptimizerSpec optimizer, Map<String, Integer> slots) {
        this.device = device;
        Predicate<ParameterSpec> isTable = parameter -> slots.containsKey(parameter.name());
        List<ParameterSpec> trained = ofKind(parameters, true);
        dense = new Section(device, trained.stream().filter(isTable.negate()).toList());
        tables = new Section(device, trained.stream().filter(isTable).toList());
        kept = new Section(device, ofKind(parameters, false));
        gradients = dense.block(dense.layout().type());
        denseState = state(dense, optimizer);
        tableState = state(tables, optimizer);
        for (ParameterSpec table : tables.layout().parameters()) {
            rowGradients.add(new RowGradients(device, table, Objects.requireNonNull(slots.get(table.name()))));
        }
        statistics = dense.block(OptimizerUpdate.block(Math.max(1, trained.size())));
        Map<String, Buffer> places = new HashMap<>();
        for (Section section : List.of(dense, tables, kept)) {
            for (int i = 0; i < section.count(); i++) {
                places.put(section.parameter(i).name(), section.value(i));
            }
        }
        parameters.forEach(
                parameter -> values.put(parameter.name(), Objects.requireNonNull(places.get(parameter.name()))));
    }

    private static List<ParameterSpec> ofKind(List<ParameterSpec> parameters, boolean trained) {
        return parameters.stream()
                .filter(parameter -> trained == (parameter.kind() == Kind.TRAINED))
                .toList();
    }

    private static List<Buffer> state(Section section, OptimizerSpec optimizer) {
        OptimizerUpdate update = OptimizerUpdates.of(optimizer, section.layout());
        return update.state(section.layout().type()).stream()
                .map(section::block)
                .toList();
    }

    /** The trained parameters that have a gradient for each element. */
    Section dense() {
        return dense;
    }

    /** The trained parameters of which only touched rows have gradients. */
    Section tables() {
        return tables;
    }

    /** All trained parameters, dense ones first. */
    List<ParameterSpec> trained() {
        return Stream.concat(dense.layout().parameters().stream(), tables.layout().parameters().stream())
                .toList();
    }

    /** The gradients of the dense parameters. */
    Buffer gradients() {
        return gradients;
    }

    /** The gradients of each table's touched rows. */
    List<RowGradients> rowGradients() {
        return rowGradients;
    }

    /** The blocks of the optimizer's state for the dense parameters. */
    List<Buffer> denseState() {
        return denseState;
    }

    /** The blocks of the optimizer's state for the tables. */
    List<Buffer> tableState() {
        return tableState;
    }

    /** The update statistics of all {@link #trained} parameters. */
    Buffer statistics() {
        return statistics;
    }

    /** The update statistics of some of them. */
    Buffer statistics(int from, int count) {
        long offset = (long) from
                * OptimizerUpdate.COLUMNS
                * device.bytesPerElement(statistics.type().dtype());
        return new Buffer(statistics.memory(), offset, OptimizerUpdate.block(count));
    }

    /** Where every parameter's values are, in the order of the model. */
    SequencedMap<String, Buffer> values() {
        return values;
    }

    interface Visitor {
        void visit(String name, Buffer buffer);
    }

    /** Everything that has one place from step to step, in an order that is always the same. */
    void forEach(Visitor visitor) {
        values.forEach((name, buffer) -> visitor.visit("parameter." + name, buffer));
        forEachView("gradient.", dense, gradients, visitor);
        forEachState(dense, denseState, visitor);
        forEachState(tables, tableState, visitor);
    }

    private static void forEachState(Section section, List<Buffer> state, Visitor visitor) {
        for (int i = 0; i < state.size() && !section.isEmpty(); i++) {
            Buffer block = state.get(i);
            if (block.type().equals(section.layout().type())) {
                forEachView(MOMENT + i + ".", section, block, visitor);
            } else {
                visitor.visit(MOMENT + i, block);
            }
        }
    }

    private static void forEachView(String prefix, Section section, Buffer block, Visitor visitor) {
        for (int i = 0; i < section.count(); i++) {
            visitor.visit(prefix + section.parameter(i).name(), section.view(block, i));
        }
    }

    @Override
    public void close() {
        rowGradients.forEach(RowGradients::close);
        dense.close();
        tables.close();
        kept.close();
    }
}
