package io.gradstream.autodiff.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Memory;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.op.Add;
import io.gradstream.autodiff.op.Axes;
import io.gradstream.autodiff.op.Kernel;
import io.gradstream.autodiff.op.Linear;
import io.gradstream.autodiff.op.Matmul;
import io.gradstream.autodiff.op.Softmax;
import io.gradstream.autodiff.op.Sum;
import io.gradstream.autodiff.op.Tanh;
import io.gradstream.autodiff.op.Where;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CpuDeviceTest {
    private static final TensorType SCALAR = TensorType.of(DType.F32);

    static Stream<CpuDevice> devices() {
        return Stream.of(CpuDevice.open(), CpuDevice.withoutNativeCode());
    }

    @Test
    void usesOneDnnHere() {
        CpuFacts facts = CpuDevice.open().facts();
        assertThat(facts.whyNoOneDnn()).isEmpty();
        assertThat(facts.whyNoVectors()).isEmpty();
        assertThat(facts.matrixProducts()).startsWith("oneDNN 3.");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 13, 207, 4098})
    void agreesWithPlainJavaAtAwkwardLengths(int length) {
        TensorType vector = TensorType.of(DType.F32, length);
        TensorType matrix = TensorType.of(DType.F32, 3, length);
        TensorType column = TensorType.of(DType.F32, 3, 1);
        for (CpuDevice device : devices().toList()) {
            assertAgrees(device, new Tanh(), vector);
            assertAgrees(device, new Add(), vector, vector);
            assertAgrees(device, new Add(), vector, SCALAR);
            assertAgrees(device, new Add(), SCALAR, vector);
            assertAgrees(device, new Add(), matrix, vector);
            assertAgrees(device, new Add(), column, matrix);
            assertAgrees(device, new Where(), matrix, vector, SCALAR);
            assertAgrees(device, new Where(), vector, vector, vector);
            assertAgrees(device, new Sum(new Axes(0)), matrix);
            assertAgrees(device, new Sum(new Axes(1)), matrix);
            assertAgrees(device, new Sum(new Axes(0, 1)), matrix);
            assertAgrees(device, new Softmax(), matrix);
        }
    }

    @ParameterizedTest
    @MethodSource("devices")
    void multipliesMatricesOfEveryLayoutAndType(CpuDevice device) {
        for (DType dtype : new DType[] {DType.F32, DType.BF16, DType.F16}) {
            for (int[] size : new int[][] {{1, 1, 1}, {1, 13, 207}, {33, 1, 64}, {64, 65, 5}}) {
                int m = size[0];
                int n = size[1];
                int k = size[2];
                TensorType a = TensorType.of(dtype, m, k);
                TensorType transposedA = TensorType.of(dtype, k, m);
                TensorType b = TensorType.of(dtype, k, n);
                TensorType transposedB = TensorType.of(dtype, n, k);
                assertAgrees(device, new Matmul(false, false), a, b);
                assertAgrees(device, new Matmul(true, false), transposedA, b);
                assertAgrees(device, new Matmul(false, true), a, transposedB);
                assertAgrees(device, new Matmul(true, true), transposedA, transposedB);
                assertAgrees(device, new Linear(), a, transposedB, TensorType.of(DType.F32, n));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("devices")
    void refusesToRunAfterTheProgramWasClosed(CpuDevice device) {
        try (Memory memory = device.allocate(1 << 10)) {
            Program program = device.compile(productAndTanh(memory));
            program.run();
            program.close();
            assertThatIllegalStateException()
                    .isThrownBy(program::run)
                    .withMessage("a program must not run after it was closed");
            assertThatIllegalStateException().isThrownBy(program::close);
        }
    }

    @ParameterizedTest
    @MethodSource("devices")
    void refusesToRunAfterItsMemoryWasClosed(CpuDevice device) {
        Memory memory = device.allocate(1 << 10);
        try (Program program = device.compile(productAndTanh(memory))) {
            program.run();
            memory.close();
            assertThatIllegalStateException()
                    .isThrownBy(program::run)
                    .withMessage("a program must not run after its memory was closed");
        }
    }

    private static List<Call> productAndTanh(Memory memory) {
        TensorType square = TensorType.of(DType.F32, 8, 8);
        Buffer x = new Buffer(memory, 0, square);
        Buffer y = new Buffer(memory, 256, square);
        Buffer z = new Buffer(memory, 512, square);
        return List.of(new Call(new Matmul(false, false), List.of(x, y), z), new Call(new Tanh(), List.of(z), z));
    }

    private static void assertAgrees(CpuDevice device, Kernel kernel, TensorType... inputs) {
        double[] expected = run(CpuDevice.plain(), kernel, inputs);
        double[] actual = run(device, kernel, inputs);
        double largest = 0;
        for (double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i])
                    .as("%s of %s at %d", kernel, List.of(inputs), i)
                    .isCloseTo(expected[i], Offset.offset(4e-6 * largest + 1e-30));
        }
    }

    private static double[] run(Device device, Kernel kernel, TensorType... inputs) {
        List<Memory> memories = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            List<Buffer> buffers = new ArrayList<>();
            for (TensorType type : inputs) {
                MemorySegment values =
                        arena.allocate(type.shape().size() * type.dtype().bytes());
                for (int i = 0; i < type.shape().size(); i++) {
                    type.dtype().set(values, i, 1.1 + Math.sin(1 + i * (buffers.size() + 1.37)));
                }
                Buffer buffer = buffer(device, type, memories);
                device.write(buffer, values);
                buffers.add(buffer);
            }
            Buffer out = buffer(device, kernel.type(List.of(inputs)), memories);
            try (Program program = device.compile(List.of(new Call(kernel, buffers, out)))) {
                program.run();
            }
            MemorySegment values =
                    arena.allocate(out.size() * out.type().dtype().bytes());
            device.read(out, values);
            double[] result = new double[Math.toIntExact(out.size())];
            for (int i = 0; i < result.length; i++) {
                result[i] = out.type().dtype().get(values, i);
            }
            return result;
        } finally {
            memories.forEach(Memory::close);
        }
    }

    private static Buffer buffer(Device device, TensorType type, List<Memory> memories) {
        Memory memory = device.allocate(type.shape().size() * device.bytesPerElement(type.dtype()));
        memories.add(memory);
        return new Buffer(memory, 0, type);
    }
}
