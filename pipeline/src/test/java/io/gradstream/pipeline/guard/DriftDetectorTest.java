package io.gradstream.pipeline.guard;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.config.DriftSettings;
import io.gradstream.pipeline.guard.DriftDetector.Drift;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DriftDetectorTest {
    private static final DriftSettings.Adwin ADWIN = new DriftSettings.Adwin(0.002, 32, 5);
    private static final DriftSettings.PageHinkley PAGE_HINKLEY = new DriftSettings.PageHinkley(0.005, 50, 30, 0.9999);

    static Stream<DriftDetector> detectors() {
        return Stream.of(new Adwin(ADWIN), new PageHinkley(PAGE_HINKLEY));
    }

    /** What River's documentation says of both for these numbers: a coin until 1000, then one of 4, 5, 6, 7. */
    @Test
    void findTheChangeWhereRiverFindsIt() throws IOException {
        List<Double> numbers = changeAt1000();
        assertThat(found(new Adwin(ADWIN), 2000, numbers::get).getFirst().at()).isEqualTo(1023);
        assertThat(found(new PageHinkley(PAGE_HINKLEY), 2000, numbers::get)
                        .getFirst()
                        .at())
                .isEqualTo(1006);
    }

    @Test
    void sayWhatTheMeanWasAndIs() throws IOException {
        List<Double> numbers = changeAt1000();
        Drift first = found(new PageHinkley(PAGE_HINKLEY), 2000, numbers::get)
                .getFirst()
                .drift();
        assertThat(first.before()).isCloseTo(0.5, within(0.1));
        assertThat(first.after()).isGreaterThan(first.before());
        List<Found> all = found(new Adwin(ADWIN), 2000, numbers::get);
        assertThat(all.getFirst().drift().before()).isCloseTo(0.6, within(0.1));
        assertThat(all.getLast().drift().after()).isCloseTo(5.5, within(1.5));
        assertThat(all.getLast().drift().width()).isLessThan(100);
    }

    /** Of 400 looks at a window a false alarm has at most the probability 0.002 each; no seed of these makes one. */
    @Test
    void adwinKeepsItsWindowWhileNothingChanges() {
        for (int seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            Adwin adwin = new Adwin(ADWIN);
            assertThat(found(adwin, 12_800, _ -> random.nextDouble()))
                    .as("seed=" + seed)
                    .isEmpty();
            assertThat(adwin.width()).isEqualTo(12_800);
            assertThat(adwin.state()).hasSizeLessThan(200);
        }
    }

    @Test
    void adwinAlsoSeesAMeanFall() {
        Random random = new Random(3);
        List<Found> found = found(new Adwin(ADWIN), 4000, i -> random.nextGaussian() * 0.1 + (i < 2000 ? 0.7 : 0.5));
        assertThat(found.getFirst().at()).isBetween(2000, 2100);
    }

    @ParameterizedTest
    @MethodSource("detectors")
    void goOnFromTheirState(DriftDetector first) throws IOException {
        List<Double> numbers = changeAt1000();
        DriftDetector second = first instanceof Adwin ? new Adwin(ADWIN) : new PageHinkley(PAGE_HINKLEY);
        for (int i = 0; i < 1001; i++) {
            first.add(numbers.get(i));
        }
        second.restore(first.state());
        for (int i = 1001; i < 2000; i++) {
            assertThat(second.add(numbers.get(i))).isEqualTo(first.add(numbers.get(i)));
        }
        assertThat(second.state()).containsExactly(first.state());
    }

    private record Found(int at, Drift drift) {}

    private static List<Found> found(DriftDetector detector, int count, IntToDoubleFunction numbers) {
        List<Found> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Optional<Drift> drift = detector.add(numbers.applyAsDouble(i));
            if (drift.isPresent()) {
                found.add(new Found(i, drift.get()));
            }
        }
        return found;
    }

    private static List<Double> changeAt1000() throws IOException {
        try (InputStream in = requireNonNull(DriftDetectorTest.class.getResourceAsStream("change-at-1000.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .chars()
                    .filter(Character::isDigit)
                    .mapToObj(digit -> (double) Character.digit(digit, 10))
                    .toList();
        }
    }
}
