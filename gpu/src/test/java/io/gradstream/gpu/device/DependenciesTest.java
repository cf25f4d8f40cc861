package io.gradstream.gpu.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.gpu.device.Effects.Stretch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls keep their order where one writes what the other touches, and nowhere else. */
class DependenciesTest {
    private static final Stretch A = new Stretch(0, 64);
    private static final Stretch B = new Stretch(64, 128);
    private static final Stretch C = new Stretch(128, 192);

    @Test
    void whatIsReadComesAfterWhatWroteIt() {
        assertThat(directOfLast(effects(List.of(), A), effects(List.of(A), B))).containsExactly(0);
    }

    @Test
    void whatIsWrittenComesAfterWhatReadIt() {
        assertThat(directOfLast(effects(List.of(A), B), effects(List.of(), A))).containsExactly(0);
    }

    @Test
    void whatIsWrittenTwiceKeepsItsOrder() {
        assertThat(directOfLast(effects(List.of(), A), effects(List.of(), A))).containsExactly(0);
    }

    @Test
    void whatIsOnlyReadTwiceHasNone() {
        assertThat(directOfLast(effects(List.of(A), B), effects(List.of(A), C))).isEmpty();
    }

    @Test
    void stretchesMeetWhereTheyOverlapAndNotWhereTheyTouch() {
        assertThat(directOfLast(effects(List.of(), A), effects(List.of(new Stretch(60, 68)), C)))
                .containsExactly(0);
        assertThat(directOfLast(effects(List.of(), A), effects(List.of(B), C))).isEmpty();
        assertThat(directOfLast(effects(List.of(), A), effects(List.of(new Stretch(32, 32)), C)))
                .as("a buffer without elements")
                .isEmpty();
    }

    @Test
    void whatFollowsFromOthersIsNotSaidAgain() {
        Dependencies chain = dependencies(effects(List.of(), A), effects(List.of(A), B), effects(List.of(A, B), C));

        assertThat(chain.direct(2)).containsExactly(1);
        assertThat(chain.follows(2, 0)).isTrue();
        assertThat(chain.follows(0, 2)).isFalse();
    }

    private static List<Integer> directOfLast(Effects... calls) {
        return dependencies(calls).direct(calls.length - 1);
    }

    static Dependencies dependencies(Effects... calls) {
        return new Dependencies(List.of(calls));
    }

    static Effects effects(List<Stretch> reads, Stretch... writes) {
        return new Effects(reads, List.of(writes));
    }
}
