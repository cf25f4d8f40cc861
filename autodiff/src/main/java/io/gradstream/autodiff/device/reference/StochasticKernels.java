package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.op.Draws;
import io.gradstream.autodiff.op.Dropout;
import io.gradstream.autodiff.op.Philox;
import io.gradstream.autodiff.op.RandomNormal;
import io.gradstream.autodiff.op.RandomUniform;
import io.gradstream.autodiff.op.Stochastic;
import java.util.List;

/** Random numbers, group by group. */
final class StochasticKernels {
    private StochasticKernels() {}

    /** What becomes of element i, whose own words stand at a place of their group. */
    private interface Element {
        double value(int i, int[] words, int place);
    }

    static Runnable prepare(Stochastic op, List<Array> inputs, Array y) {
        Array counter = inputs.getLast();
        return switch (op) {
            case Dropout dropout -> {
                Array x = inputs.getFirst();
                int threshold = dropout.threshold();
                yield one(
                        op.draws(),
                        counter,
                        y,
                        (i, words, place) -> words[place] >>> 8 >= threshold ? x.get(i) * dropout.scale() : 0);
            }
            case RandomUniform _ -> one(op.draws(), counter, y, (_, words, place) -> Philox.uniformOf(words[place]));
            case RandomNormal _ ->
                two(
                        op.draws(),
                        counter,
                        y,
                        (_, words, place) -> Philox.normalOf(words[place], words[place + Draws.BLOCKS]));
        };
    }

    /** One word for an element. */
    private static Runnable one(Draws draws, Array counter, Array y, Element element) {
        int[] words = new int[Draws.GROUP];
        return () -> {
            long count = Draws.count(counter.get(0));
            for (int i = 0; i < y.size(); i++) {
                if (i % Draws.GROUP == 0) {
                    draws.fill(count, i / Draws.GROUP, words);
                }
                y.set(i, element.value(i, words, i % Draws.GROUP));
            }
        };
    }

    /** Two words for an element: neighbours in a block. */
    private static Runnable two(Draws draws, Array counter, Array y, Element element) {
        int[] words = new int[Draws.GROUP];
        int pairs = Draws.GROUP / 2;
        return () -> {
            long count = Draws.count(counter.get(0));
            for (int i = 0; i < y.size(); i++) {
                int within = i % pairs;
                if (within == 0) {
                    draws.fill(count, i / pairs, words);
                }
                y.set(i, element.value(i, words, within + within / Draws.BLOCKS * Draws.BLOCKS));
            }
        };
    }
}
