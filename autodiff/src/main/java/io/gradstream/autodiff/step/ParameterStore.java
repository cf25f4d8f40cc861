package io.gradstream.autodiff.step;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.op.OptimizerUpdate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * All arrays of a model in training. Trained parameters lie in one section with blocks for their gradients and for the optimizer's state;
 * parameters that no optimizer changes lie in another, without.
 */
final class ParameterStore implements AutoCloseable {
    static final String MOMENT = "moment.";

    private final Section trained;
    private final Section kept;
    private final Buffer gradients;
    private final List<Buffer> state = new ArrayList<>();
    private final SequencedMap<String, Buffer> values = new LinkedHashMap<>();

    ParameterStore(Device device, List<ParameterSpec> parameters, OptimizerSpec optimizer) {
        trained = new Section(device, ofKind(parameters, true));
        kept = new Section(device, ofKind(parameters, false));
        gradients = trained.block(trained.layout().type());
        OptimizerUpdate update = OptimizerUpdates.of(optimizer, trained.layout());
        update.state(trained.layout().type()).forEach(type -> state.add(trained.block(type)));
        Map<String, Buffer> places = new LinkedHashMap<>();
        for (Section section : List.of(trained, kept)) {
            for (int i = 0; i < section.count(); i++) {
                places.put(section.parameter(i).name(), section.value(i));
            }
        }
        parameters.forEach(parameter -> values.put(parameter.name(), places.get(parameter.name())));
    }

    private static List<ParameterSpec> ofKind(List<ParameterSpec> parameters, boolean trained) {
        return parameters.stream()
                .filter(parameter -> trained == (parameter.kind() == ParameterSpec.Kind.TRAINED))
                .toList();
    }

    /** The parameters that have gradients. */
    Section trained() {
        return trained;
    }

    Buffer gradients() {
        return gradients;
    }

    /** The blocks of the optimizer's state. */
    List<Buffer> state() {
        return List.copyOf(state);
    }

    /** Where every parameter's values are, in the order of the model. */
    SequencedMap<String, Buffer> values() {
        return values;
    }

    interface Visitor {
        void visit(String name, Buffer buffer);
    }

    /** Everything that a snapshot holds, in an order that is always the same. */
    void forEach(Visitor visitor) {
        values.forEach((name, buffer) -> visitor.visit("parameter." + name, buffer));
        forEachView("gradient.", gradients, visitor);
        for (int i = 0; i < state.size(); i++) {
            Buffer block = state.get(i);
            if (block.type().equals(trained.layout().type())) {
                forEachView(MOMENT + i + ".", block, visitor);
            } else {
                visitor.visit(MOMENT + i, block);
            }
        }
    }

    private void forEachView(String prefix, Buffer block, Visitor visitor) {
        for (int i = 0; i < trained.count(); i++) {
            visitor.visit(prefix + trained.parameter(i).name(), trained.view(block, i));
        }
    }

    @Override
    public void close() {
        trained.close();
        kept.close();
    }
}
