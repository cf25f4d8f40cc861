package io.gradstream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gradstream.config.yaml.DurationText;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The types that are written as one word or phrase. */
class WrittenTest {
    @ParameterizedTest
    @ValueSource(strings = {"1 step", "100 steps", "10s", "250ms", "36h", "7d"})
    void readsWhatEveryPrints(String text) {
        assertThat(Every.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 steps", "steps", "1", "1 stepp", "-1 steps", "0s", "1.5s", "s", ""})
    void refusesOtherFrequencies(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Every.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"60s, 1m", "90s, 90s", "1000ms, 1s", "24h, 1d", "1500ms, 1500ms", "10 s, 10s"})
    void printsTheShortestDuration(String text, String shortest) {
        assertThat(DurationText.format(DurationText.parse(text))).isEqualTo(shortest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807d", "99999999999999999999s"})
    void refusesDurationsThatOverflow(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> DurationText.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"1B, 1", "2KiB, 2048", "8MiB, 8388608", "1GiB, 1073741824"})
    void readsWhatSizePrints(String text, long bytes) {
        assertThat(Size.parse(text)).isEqualTo(new Size(bytes)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"committed", "earliest", "latest", "2026-11-21T00:00:00Z"})
    void readsWhatStartPositionPrints(String text) {
        assertThat(StartPosition.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({"auto, auto", "cpu, cpu", "cuda, cuda:0", "cuda:3, cuda:3"})
    void readsWhatDeviceChoicePrints(String text, String printed) {
        assertThat(DeviceChoice.parse(text)).hasToString(printed).isEqualTo(DeviceChoice.parse(printed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-21", "2026-13-41T00:00:00Z", "now", "Earliest"})
    void refusesOtherPositions(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> StartPosition.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"250ms, 250", "5m, 300000"})
    void readsDurations(String text, long millis) {
        assertThat(DurationText.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }
}
