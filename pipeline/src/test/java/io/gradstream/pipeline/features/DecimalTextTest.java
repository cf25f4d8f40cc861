package io.gradstream.pipeline.features;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTextTest {
    private final DecimalText decimal = new DecimalText();

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 9, 10, -10, 42, 1_000_000_007, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1})
    void writesWhatJavaWrites(long number) {
        decimal.write(number, true);
        assertThat(written()).isEqualTo(Long.toString(number));
        decimal.write(number, false);
        assertThat(written()).isEqualTo(Long.toUnsignedString(number));
    }

    private String written() {
        return new String(decimal.bytes(), decimal.from(), decimal.to() - decimal.from(), UTF_8);
    }
}
