package io.gradstream.autodiff.step;

import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Memory;
import io.gradstream.autodiff.nn.ParameterSpec;
import java.util.ArrayList;
import java.util.List;

/** Some of a model's parameters in a device's memory: a flat block of values, and further blocks as they are asked for. */
final class Section implements AutoCloseable {
    private final Device device;
    private final ParameterBlock layout;
    private final List<Memory> memories = new ArrayList<>();
    private final Memory values;

    Section(Device device, List<ParameterSpec> parameters) {
        this.device = device;
        layout = new ParameterBlock(parameters);
        values = allocate(layout.size() * device.bytesPerElement(ParameterBlock.DTYPE));
    }

    ParameterBlock layout() {
        return layout;
    }

    boolean isEmpty() {
        return layout.parameters().isEmpty();
    }

    int count() {
        return layout.parameters().size();
    }

    ParameterSpec parameter(int index) {
        return layout.parameters().get(index);
    }

    /** All values. */
    Buffer values() {
        return new Buffer(values, 0, layout.type());
    }

    /** The values of one parameter. */
    Buffer value(int index) {
        return layout.view(device, values, index);
    }

    /** One parameter's part of another block of the same layout. */
    Buffer view(Buffer block, int index) {
        return layout.view(device, block.memory(), index);
    }

    /** Another block, zeroed, which lives as long as this. */
    Buffer block(TensorType type) {
        return new Buffer(allocate(type.shape().size() * device.bytesPerElement(type.dtype())), 0, type);
    }

    @Override
    public void close() {
        memories.forEach(Memory::close);
    }

    private Memory allocate(long bytes) {
        Memory memory = device.allocate(bytes);
        memories.add(memory);
        return memory;
    }
}
