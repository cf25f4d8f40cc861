package io.gradstream.autodiff.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Large networks on one thread and on several. */
class ThreadsTest {
    private static final int STEPS = 2;

    static Stream<Arguments> devices() {
        return Stream.of(
                Arguments.of("native", (IntFunction<CpuDevice>) CpuDevice::open),
                Arguments.of("Java", (IntFunction<CpuDevice>) CpuDevice::withoutNativeCode));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("devices")
    void threadsNeverChangeABit(String name, IntFunction<CpuDevice> open) {
        ModelSpec model = Batches.mlp(32, 1, Activation.GELU, 256, 128);
        float[] one = train(model, Precision.FP32, 1024, open.apply(1));
        assertThat(train(model, Precision.FP32, 1024, open.apply(2))).isEqualTo(one);
        assertThat(train(model, Precision.FP32, 1024, open.apply(3))).isEqualTo(one);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void threadsNeverChangeABitOfAWideNetwork(Precision precision) {
        ModelSpec model = Batches.mlp(207, 1, Activation.RELU, 1024, 1024);
        float[] one = train(model, precision, 1000, CpuDevice.open(1));
        assertThat(train(model, precision, 1000, CpuDevice.open(2))).isEqualTo(one);
        assertThat(train(model, precision, 1000, CpuDevice.open(3))).isEqualTo(one);
    }

    @Test
    void aProgramOfAClosedDeviceGoesOnAlone() {
        ModelSpec model = Batches.mlp(32, 1, Activation.RELU, 256, 128);
        float[] one = train(model, Precision.FP32, 1024, CpuDevice.open(1));
        CpuDevice closed = CpuDevice.open(2);
        closed.close();
        assertThat(train(model, Precision.FP32, 1024, closed)).isEqualTo(one);
    }

    private static float[] train(ModelSpec model, Precision precision, int rows, CpuDevice opened) {
        StepSpec spec = StepSpec.of(model, Loss.BINARY_CROSS_ENTROPY, OptimizerSpec.Adam.usual())
                .microBatch(rows)
                .precision(precision)
                .clip(new Clip.Norm(1))
                .seed(7)
                .build();
        try (CpuDevice device = opened;
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(model, rows)) {
            Batches.fill(batch, Batches.rows(rows, model.numerics().size()), new float[rows], 0, rows);
            for (int i = 0; i < STEPS; i++) {
                step.accumulate(batch);
                step.step(0.01);
            }
            return Batches.all(step);
        }
    }
}
