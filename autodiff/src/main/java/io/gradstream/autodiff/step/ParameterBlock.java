package io.gradstream.autodiff.step;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Memory;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;
import java.util.ArrayList;
import java.util.List;

/**
 * The layout of all parameters in one flat F32 array: in order, each from a boundary of 64 bytes. Parameters, gradients and every moment
 * are blocks of this layout.
 */
final class ParameterBlock {
    private static final int ALIGNMENT = 64 / Float.BYTES;

    private final List<ParameterSpec> parameters;
    private final Segments segments;
    private final long size;

    ParameterBlock(List<ParameterSpec> parameters) {
        this.parameters = List.copyOf(parameters);
        List<Segment> list = new ArrayList<>();
        long end = 0;
        for (ParameterSpec parameter : parameters) {
            list.add(new Segment(end, parameter.shape().size()));
            end = (end + parameter.shape().size() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
        segments = new Segments(list);
        size = end;
    }

    List<ParameterSpec> parameters() {
        return parameters;
    }

    Segments segments() {
        return segments;
    }

    TensorType type() {
        return new TensorType(io.gradstream.autodiff.Shape.of(Math.toIntExact(size)), DType.F32);
    }

    Memory allocate(Device device) {
        return device.allocate(size * device.bytesPerElement(DType.F32));
    }

    /** The whole of a block. */
    Buffer whole(Memory memory) {
        return new Buffer(memory, 0, type());
    }

    /** One parameter's part of a block. */
    Buffer view(Device device, Memory memory, int parameter) {
        long offset = segments.list().get(parameter).offset() * device.bytesPerElement(DType.F32);
        return new Buffer(
                memory, offset, new TensorType(parameters.get(parameter).shape(), DType.F32));
    }
}
