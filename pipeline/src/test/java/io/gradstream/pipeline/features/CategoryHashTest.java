package io.gradstream.pipeline.features;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CategoryHashTest {
    @ParameterizedTest
    @CsvSource({
        "'', ef46db3751d8e999",
        "a, d24ec4f1a98c6e5b",
        "abc, 44bc2cf5ad770999",
        "example.com, 2883ba7dc9aa3289",
    })
    void staysTheSameForEver(String text, String hash) {
        byte[] bytes = text.getBytes(UTF_8);
        assertThat(CategoryHash.of(bytes, 0, bytes.length)).isEqualTo(Long.parseUnsignedLong(hash, 16));
    }

    @Test
    void equalsXxh64OfEveryLengthAndPlace() {
        XXHash64 reference = XXHashFactory.safeInstance().hash64();
        byte[] bytes = new byte[300];
        new Random(7).nextBytes(bytes);
        for (int from = 0; from < 9; from++) {
            for (int to = from; to < bytes.length; to++) {
                assertThat(CategoryHash.of(bytes, from, to))
                        .as("from=%d to=%d", from, to)
                        .isEqualTo(reference.hash(bytes, from, to - from, 0));
            }
        }
    }
}
