package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Memory;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.op.Constant;
import io.gradstream.autodiff.op.InPlace;
import io.gradstream.autodiff.op.Kernel;
import io.gradstream.autodiff.op.Leaf;
import io.gradstream.autodiff.op.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Runs nodes one by one, each in memory of its own. */
final class Eager implements AutoCloseable {

    private final Device device;
    private final List<Memory> memories = new ArrayList<>();

    Eager(Device device) {
        this.device = device;
    }

    void run(Tensor node) {
        switch (node.op()) {
            case Leaf leaf -> {
                Buffer place = allocate(node);
                if (leaf instanceof Constant constant) {
                    Transfer.fill(device, place, constant.value());
                } else if (node.content() != null) {
                    Transfer.write(device, place, node.content().values());
                }
            }
            case View ignored -> {}
            case Kernel kernel -> {
                Buffer output = kernel instanceof InPlace ? place(node) : allocate(node);
                List<Buffer> inputs = node.inputs().stream().map(Eager::place).toList();
                try (Program program = device.compile(List.of(new Call(kernel, inputs, output)))) {
                    program.run();
                }
            }
        }
    }

    double[] read(Tensor node) {
        return Transfer.read(device, place(node));
    }

    private Buffer allocate(Tensor node) {
        TensorType type = node.type();
        Memory memory = device.allocate(type.shape().size() * device.bytesPerElement(type.dtype()));
        memories.add(memory);
        Buffer buffer = new Buffer(memory, 0, type);
        node.storage().place(buffer);
        return buffer;
    }

    private static Buffer place(Tensor node) {
        return Objects.requireNonNull(node.storage().buffer()).as(node.type());
    }

    @Override
    public void close() {
        memories.forEach(Memory::close);
        memories.clear();
    }
}
