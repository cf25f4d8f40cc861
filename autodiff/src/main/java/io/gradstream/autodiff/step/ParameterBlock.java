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
 * The layout of parameters in one flat F32 array: in order, each from a boundary of 64 bytes. Values, gradients and most moments are
 * blocks of this layout.
 */
final class ParameterBlock {
    static final DType DTYPE = DType.F32;

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
        size = Math.max(end, ALIGNMENT);
    }

    List<ParameterSpec> parameters() {
        return parameters;
    }

    Segments segments() {
        return segments;
    }

    TensorType type() {
        return TensorType.of(DTYPE, Math.toIntExact(size));
    }

    /** The number of elements, padding included. */
    long size() {
        return size;
    }

    /** One parameter's part of a block. */
    Buffer view(Device device, Memory memory, int parameter) {
        long offset = segments.list().get(parameter).offset() * device.bytesPerElement(DTYPE);
        return new Buffer(
                memory, offset, new TensorType(parameters.get(parameter).shape(), DTYPE));
    }
}
