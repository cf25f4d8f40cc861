package io.gradstream.autodiff.step;

import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.nn.ParameterSpec.Kind;
import io.gradstream.autodiff.op.OptimizerUpdate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    static final String GRADIENT = "gradient.";

    private final Deque<Runnable> closing = new ArrayDeque<>();
    private final Section dense;
    private final Section tables;
    private final Section kept;
    private final Optional<Buffer> gradients;
    private final List<UpdateGroup> groups;
    private final SequencedMap<String, Buffer> denseState = new LinkedHashMap<>();
    private final List<List<Buffer>> stateOfGroups = new ArrayList<>();
    private final List<Buffer> tableState;
    private final Optional<Buffer> denseAverage;
    private final Optional<Buffer> tableAverage;
    private final List<RowGradients> rowGradients = new ArrayList<>();
    private final Device device;
    private final Buffer statistics;
    private final SequencedMap<String, Buffer> values = new LinkedHashMap<>();

    /**
     * @param slots the tables whose gradients are to follow the touched rows, and for how many rows there is room at first
     * @param groups how some parameters are trained in ways of their own
     * @param averaged whether there is a running average of what is trained
     * @param updates when rows change the weights: one after the other they need no gradients
     */
    ParameterStore(
            Device device,
            List<ParameterSpec> parameters,
            OptimizerSpec optimizer,
            Map<String, Integer> slots,
            List<ParameterGroup> groups,
            boolean averaged,
            Updates updates) {
        this.device = device;
        try {
            Predicate<ParameterSpec> isTable = parameter -> slots.containsKey(parameter.name());
            List<ParameterSpec> trained = ofKind(parameters, true);
            List<ParameterSpec> flat = trained.stream().filter(isTable.negate()).toList();
            dense = new Section(device, UpdateGroup.inOrder(flat, groups));
            closing.push(dense::close);
            tables = new Section(device, trained.stream().filter(isTable).toList());
            closing.push(tables::close);
            kept = new Section(device, ofKind(parameters, false));
            closing.push(kept::close);
            gradients = switch (updates) {
                case STEP -> Optional.of(dense.block(dense.layout().type()));
                case ROW -> Optional.empty();
            };
            this.groups = UpdateGroup.of(optimizer, groups, dense.layout());
            for (int group = 0; group < this.groups.size(); group++) {
                stateOfGroups.add(denseState(this.groups.get(group).update(), group));
            }
            tableState = tables.isEmpty() ? List.of() : state(tables, optimizer);
            denseAverage = average(dense, averaged);
            tableAverage = average(tables, averaged);
            for (ParameterSpec table : tables.layout().parameters()) {
                RowGradients rows = new RowGradients(device, table, Objects.requireNonNull(slots.get(table.name())));
                closing.push(rows::close);
                rowGradients.add(rows);
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
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private static List<ParameterSpec> ofKind(List<ParameterSpec> parameters, boolean trained) {
        return parameters.stream()
                .filter(parameter -> trained == (parameter.kind() == Kind.TRAINED))
                .toList();
    }

    /** State laid out like the parameters is one block for all groups; any other a group has for itself. */
    private List<Buffer> denseState(OptimizerUpdate update, int group) {
        TensorType layout = dense.layout().type();
        List<TensorType> types = update.state(layout);
        List<Buffer> blocks = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            TensorType type = types.get(i);
            boolean shared = type.shape().equals(layout.shape());
            String name = MOMENT + i + (shared || group == 0 ? "" : ".group." + group);
            blocks.add(denseState.computeIfAbsent(name, _ -> dense.block(type)));
        }
        return blocks;
    }

    private static Optional<Buffer> average(Section section, boolean averaged) {
        return averaged && !section.isEmpty()
                ? Optional.of(section.block(section.layout().type()))
                : Optional.empty();
    }

    private static List<Buffer> state(Section section, OptimizerSpec optimizer) {
        OptimizerUpdate update = OptimizerUpdates.of(
                optimizer, section.layout().parameters(), section.layout().segments());
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
        return gradients.orElseThrow(() -> new IllegalStateException("rows learn without gradients"));
    }

    /** The gradients of each table's touched rows. */
    List<RowGradients> rowGradients() {
        return rowGradients;
    }

    /** The groups of dense parameters, each with an operation of its own. */
    List<UpdateGroup> groups() {
        return groups;
    }

    /** The blocks of the optimizer's state that a group of dense parameters works on. */
    List<Buffer> denseState(int group) {
        return List.copyOf(stateOfGroups.get(group));
    }

    /** The running average of the dense parameters. */
    Optional<Buffer> denseAverage() {
        return denseAverage;
    }

    /** The running average of the tables. */
    Optional<Buffer> tableAverage() {
        return tableAverage;
    }

    /** Where the values to serve are, in the order of the model: the averages of what is averaged. */
    SequencedMap<String, Buffer> served() {
        SequencedMap<String, Buffer> served = new LinkedHashMap<>(values);
        denseAverage.ifPresent(block -> forEachView("", dense, block, served::put));
        tableAverage.ifPresent(block -> forEachView("", tables, block, served::put));
        return served;
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

    Buffer value(String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    interface Visitor {
        void visit(String name, Buffer buffer);
    }

    /** Everything that has one place from step to step, in an order that is always the same. */
    void forEach(Visitor visitor) {
        values.forEach((name, buffer) -> visitor.visit("parameter." + name, buffer));
        gradients.ifPresent(block -> forEachView(GRADIENT, dense, block, visitor));
        denseState.forEach((name, block) -> {
            if (block.type().equals(dense.layout().type())) {
                forEachView(name + ".", dense, block, visitor);
            } else {
                visitor.visit(name, block);
            }
        });
        for (int i = 0; i < tableState.size(); i++) {
            forEachView(MOMENT + i + ".", tables, tableState.get(i), visitor);
        }
        denseAverage.ifPresent(block -> forEachView("average.", dense, block, visitor));
        tableAverage.ifPresent(block -> forEachView("average.", tables, block, visitor));
    }

    private static void forEachView(String prefix, Section section, Buffer block, Visitor visitor) {
        for (int i = 0; i < section.count(); i++) {
            visitor.visit(prefix + section.parameter(i).name(), section.view(block, i));
        }
    }

    @Override
    public void close() {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }
}
