package io.gradstream.pipeline.trainer;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.step.ParameterView;
import io.gradstream.autodiff.step.Snapshot;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.connectors.topic.Dtype;
import io.gradstream.connectors.topic.NamedTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/** Carries tensors between the engine, which knows memory, and the topics, which know bytes. Everything is copied. */
final class ModelTensors {
    private static final long ALIGNMENT = 64;

    private ModelTensors() {}

    /** What is published: the weights, or their running average where the configuration asks for one. */
    static List<NamedTensor> weights(TrainingStep step) {
        return step.served().stream().map(ModelTensors::weight).toList();
    }

    static List<NamedTensor> state(Snapshot snapshot) {
        return snapshot.blocks().stream()
                .map(block -> new NamedTensor(
                        block.name(),
                        dtype(block.type().dtype()),
                        block.type().shape().dims(),
                        copy(block.bytes())))
                .toList();
    }

    static Snapshot snapshot(List<NamedTensor> state) {
        return new Snapshot(state.stream()
                .map(tensor -> new Snapshot.Block(
                        tensor.name(),
                        new TensorType(new Shape(tensor.shape()), dtype(tensor)),
                        aligned(tensor.bytes())))
                .toList());
    }

    private static NamedTensor weight(ParameterView parameter) {
        return NamedTensor.of(
                parameter.name(), parameter.values(), parameter.shape().dims());
    }

    private static ByteBuffer copy(MemorySegment values) {
        ByteBuffer copy = ByteBuffer.allocate(Math.toIntExact(values.byteSize()));
        MemorySegment.ofBuffer(copy).copyFrom(values);
        return copy;
    }

    private static MemorySegment aligned(ByteBuffer bytes) {
        MemorySegment aligned = Arena.ofAuto().allocate(bytes.remaining(), ALIGNMENT);
        return aligned.copyFrom(MemorySegment.ofBuffer(bytes));
    }

    private static Dtype dtype(DType type) {
        return switch (type) {
            case F64 -> Dtype.F64;
            case F32 -> Dtype.F32;
            case BF16 -> Dtype.BF16;
            case F16 -> Dtype.F16;
            case I32 -> Dtype.I32;
            case U8 -> Dtype.U8;
        };
    }

    private static DType dtype(NamedTensor tensor) {
        for (DType type : DType.values()) {
            if (dtype(type) == tensor.dtype()) {
                return type;
            }
        }
        throw new IllegalArgumentException(
                "the engine has no such element type: tensor=" + tensor.name() + " dtype=" + tensor.dtype());
    }
}
