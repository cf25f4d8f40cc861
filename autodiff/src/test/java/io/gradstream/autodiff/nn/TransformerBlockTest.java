package io.gradstream.autodiff.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransformerBlockTest {
    private static final int ROWS = 2;
    private static final int LENGTH = 5;
    private static final int WIDTH = 16;
    private static final int LAYERS = 24;

    /** Residuals keep a deep stack trainable: what reaches the first of 24 blocks is as large as what leaves the last. */
    @ParameterizedTest
    @EnumSource(TransformerBlock.Order.class)
    void gradientAtTheFirstOf24LayersIsWithinAFactorOfTheLast(TransformerBlock.Order order) {
        try (Eagerly eagerly = new Eagerly()) {
            TransformerBlock block = new TransformerBlock(4, 32, Activation.RELU, 0, order, false);
            List<Tensor> layers = new ArrayList<>(List.of(eagerly.wave(ROWS, LENGTH, WIDTH)));
            for (int layer = 0; layer < LAYERS; layer++) {
                layers.add(block.forward(layers.getLast(), Optional.empty(), eagerly.parameters.in(layer)));
            }
            Tensor weights = eagerly.of(Literal.ripple(ROWS, LENGTH, WIDTH));
            List<Tensor> gradients =
                    Gradient.of(eagerly.tape, layers.getLast().multiply(weights).sum(), layers.subList(1, LAYERS + 1));

            double first = norm(gradients.getFirst());
            double last = norm(gradients.getLast());
            assertThat(first / last).isBetween(0.1, 10.0);
        }
    }

    /** GPT-2's rule: what all branches of a stack add together is as large for 24 blocks as for two. */
    @Test
    void branchesBeginSmallerTheMoreThereAre() {
        assertThat(added(24)).isBetween(added(2) / 2, added(2) * 2);
    }

    private static double added(int blocks) {
        try (Eagerly eagerly = new Eagerly()) {
            TransformerBlock block =
                    new TransformerBlock(4, 32, Activation.RELU, 0, TransformerBlock.Order.PRE_NORM, false, blocks);
            Tensor x = eagerly.wave(ROWS, LENGTH, WIDTH);
            Tensor y = x;
            for (int layer = 0; layer < blocks; layer++) {
                y = block.forward(y, Optional.empty(), eagerly.parameters.in(layer));
            }
            return norm(y.subtract(x));
        }
    }

    /** What an item becomes depends on no later one. */
    @Test
    void causalItemsSeeOnlyThoseBefore() {
        try (Eagerly eagerly = new Eagerly()) {
            MultiHeadAttention attention = new MultiHeadAttention(4, true);
            Tensor x = eagerly.wave(ROWS, LENGTH, WIDTH);
            Tensor y = attention.forward(x, Optional.empty(), eagerly.parameters);
            Tensor third = y.slice(1, 2, 3).square().sum();
            Tensor gradient = Gradient.of(eagerly.tape, third, List.of(x)).getFirst();

            assertThat(gradient.slice(1, 3, LENGTH).values()).containsOnly(0);
            assertThat(norm(gradient.slice(1, 0, 3))).isPositive();
        }
    }

    @Test
    void nobodySeesPadding() {
        try (Eagerly padded = new Eagerly();
                Eagerly shorter = new Eagerly()) {
            TransformerBlock block =
                    new TransformerBlock(4, 32, Activation.GELU, 0, TransformerBlock.Order.PRE_NORM, false);
            Tensor x = padded.wave(1, 3, WIDTH);
            Tensor rest = padded.of(Literal.ripple(1, 2, WIDTH));
            Tensor longer = block.forward(
                    Tensor.concat(1, List.of(x, rest)), Optional.of(padded.of(Literal.ids(3))), padded.parameters);
            Tensor exact = block.forward(shorter.wave(1, 3, WIDTH), Optional.empty(), shorter.parameters);

            assertThat(longer.slice(1, 0, 3).values()).containsExactly(exact.values(), within(1e-6));
        }
    }

    private static double norm(Tensor tensor) {
        return Math.sqrt(
                Arrays.stream(tensor.values()).map(value -> value * value).sum());
    }
}
