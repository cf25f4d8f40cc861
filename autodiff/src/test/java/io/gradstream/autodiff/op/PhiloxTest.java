package io.gradstream.autodiff.op;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PhiloxTest {
    /** The known answers of the authors' own distribution (Random123, kat_vectors, philox4x32 10). */
    @Test
    void givesTheAuthorsKnownAnswers() {
        assertThat(block(0, 0, 0, 0, 0)).containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
        assertThat(block(-1, -1, -1, -1, -1)).containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
        assertThat(block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0x299f31d0_a4093822L))
                .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
    }

    private static int[] block(int c0, int c1, int c2, int c3, long key) {
        int[] words = new int[4];
        Philox.block(c0, c1, c2, c3, key, words, 0, 1);
        return words;
    }

    @Test
    void isAFunctionOfSeedStreamAndIndex() {
        Philox random = Philox.named(7, "mlp.0.weight");
        assertThat(random.bits(1_000_003))
                .isEqualTo(Philox.named(7, "mlp.0.weight").bits(1_000_003));
        assertThat(random.bits(5)).isNotEqualTo(Philox.named(8, "mlp.0.weight").bits(5));
        assertThat(random.bits(5)).isNotEqualTo(Philox.named(7, "mlp.1.weight").bits(5));
    }

    @Test
    void hasTheMomentsOfItsDistributions() {
        Philox random = new Philox(1, 2);
        int count = 200_000;
        double uniform = 0;
        double normal = 0;
        double square = 0;
        for (int i = 0; i < count; i++) {
            uniform += random.uniform(i);
            normal += random.normal(i);
            square += random.normal(i) * (double) random.normal(i);
        }
        assertThat(uniform / count).isCloseTo(0.5, Offset.offset(0.005));
        assertThat(normal / count).isCloseTo(0, Offset.offset(0.01));
        assertThat(square / count).isCloseTo(1, Offset.offset(0.02));
    }
}
