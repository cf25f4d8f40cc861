package io.gradstream.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    @ParameterizedTest
    @CsvSource({"kitten, sitting, 3", "abc, acb, 1", "ca, abc, 3", "same, same, 0", "'', abc, 3", "abc, '', 3"})
    void countsInsertionsDeletionsReplacementsAndSwaps(String from, String to, int distance) {
        assertThat(Spelling.distance(from, to)).isEqualTo(distance);
        assertThat(Spelling.distance(to, from)).isEqualTo(distance);
    }

    @Test
    void findsTheNearestNameIfAnyIsNear() {
        List<String> names = List.of("microBatch", "accumulate", "flush");
        assertThat(Spelling.nearest("micro-batch", names)).contains("microBatch");
        assertThat(Spelling.nearest("MICROBATCHES", names)).contains("microBatch");
        assertThat(Spelling.nearest("acummulate", names)).contains("accumulate");
        assertThat(Spelling.nearest("fluhs", names)).contains("flush");
        assertThat(Spelling.nearest("learningRate", names)).isEmpty();
    }
}
