package io.gradstream.autodiff.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.nn.Initializer;
import io.gradstream.autodiff.nn.ParameterSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How many bytes optimizers keep beside 1024 × 512 weights and 512 biases. */
class OptimizerMemoryTest {
    private static final long WEIGHTS = 1024 * 512 + 512;

    @Test
    void keepsTwoFloatsPerWeightForAdamW() {
        assertThat(stateBytes(OptimizerSpec.Adam.decoupled(0.01))).isEqualTo(8 * WEIGHTS);
    }

    @Test
    void keepsOneFloatPerWeightForLionAndAdagrad() {
        assertThat(stateBytes(OptimizerSpec.Lion.usual())).isEqualTo(4 * WEIGHTS);
        assertThat(stateBytes(OptimizerSpec.Adagrad.usual())).isEqualTo(4 * WEIGHTS);
    }

    @Test
    void keepsRowsAndColumnsForAdafactor() {
        assertThat(stateBytes(OptimizerSpec.Adafactor.usual())).isEqualTo(4 * (1024 + 512 + 512));
    }

    @Test
    void keepsTwoBytesPerWeightAndTwoScalesPerBlockForEightBits() {
        assertThat(stateBytes(OptimizerSpec.QuantizedAdam.usual(0.01)))
                .isEqualTo(2 * WEIGHTS + 2 * 4 * (WEIGHTS / 256));
    }

    private static long stateBytes(OptimizerSpec optimizer) {
        List<ParameterSpec> parameters = List.of(
                new ParameterSpec("weight", Shape.of(1024, 512), new Initializer.Constant(0)),
                new ParameterSpec("bias", Shape.of(512), new Initializer.Constant(0)));
        try (ParameterStore store =
                new ParameterStore(CpuDevice.open(), parameters, optimizer, Map.of(), List.of(), false, Updates.STEP)) {
            return store.denseState(0).stream()
                    .mapToLong(OptimizerMemoryTest::bytes)
                    .sum();
        }
    }

    private static long bytes(Buffer buffer) {
        return buffer.size() * buffer.type().dtype().bytes();
    }
}
