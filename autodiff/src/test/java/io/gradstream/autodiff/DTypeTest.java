package io.gradstream.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DTypeTest {

    @Test
    void roundsToHalfPrecisionAsTheJdkDoes() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (Float.isNaN(value)) {
                continue;
            }
            double expected = Float.float16ToFloat(Float.floatToFloat16(value));
            assertThat(DType.F16.round(value)).as("value=%s", value).isEqualTo(expected);
        }
    }

    @Test
    void roundsHalfPrecisionAtItsEdges() {
        assertThat(DType.F16.round(65519.99)).isEqualTo(65504);
        assertThat(DType.F16.round(65520)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(DType.F16.round(-1e9)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(DType.F16.round(0x1p-24)).isEqualTo(0x1p-24);
        assertThat(DType.F16.round(0x1p-25)).isZero();
        assertThat(DType.F16.round(0x1.8p-25)).isEqualTo(0x1p-24);
        assertThat(DType.F16.round(Double.NaN)).isNaN();
    }

    @Test
    void roundsBrainFloatsToNearestEven() {
        assertThat(DType.BF16.round(1 + 0x1p-8)).isEqualTo(1);
        assertThat(DType.BF16.round(1 + 0x1.8p-7)).isEqualTo(1 + 0x1p-6);
        assertThat(DType.BF16.round(1 + 0x1.1p-8)).isEqualTo(1 + 0x1p-7);
        assertThat(DType.BF16.round(Float.MAX_VALUE)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(DType.BF16.round(0x1.FEp127)).isEqualTo(0x1.FEp127);
        assertThat(DType.BF16.round(0x1p-133)).isEqualTo(0x1p-133);
    }

    @Test
    void keepsEveryRepresentableNumberInHostMemory() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(8);
            for (int bits = 0; bits < 1 << 16; bits++) {
                for (DType half : new DType[] {DType.BF16, DType.F16}) {
                    host.set(ValueLayout.JAVA_SHORT, 0, (short) bits);
                    double value = half.get(host, 0);
                    if (!Double.isNaN(value)) {
                        half.set(host, 0, value);
                        assertThat((int) host.get(ValueLayout.JAVA_SHORT, 0) & 0xffff)
                                .isEqualTo(bits);
                    }
                }
            }
        }
    }

    @Test
    void givesHalfPrecisionValuesGradientsInSinglePrecision() {
        assertThat(DType.F16.gradient()).isEqualTo(DType.F32);
        assertThat(DType.BF16.gradient()).isEqualTo(DType.F32);
        assertThat(DType.F64.gradient()).isEqualTo(DType.F64);
    }
}
