package io.gradstream.gpu.card;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.nn.TransformerModel;
import io.gradstream.autodiff.step.Clip;
import io.gradstream.autodiff.step.Embeddings;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.OptimizerSpec;
import io.gradstream.autodiff.step.Precision;
import io.gradstream.autodiff.step.StepSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A network that is measured against PyTorch on the same card: binary cross entropy, AdamW, clipped to norm 1. {@code peers.py} has the same. */
record CardNetwork(String name, ModelSpec model, int batch) {
    private static final int BUCKETS = 100_000;
    private static final int ITEMS = 4096;
    private static final int LENGTH = 64;

    static List<CardNetwork> table() {
        return List.of(
                new CardNetwork("mlp-64-128-128-1", mlp(numerics(64), 128, 128), 256),
                new CardNetwork("mlp-4x1024", mlp(numerics(1024), 1024, 1024, 1024, 1024), 4096),
                new CardNetwork("tables", mlp(tables(), 256, 128), 4096),
                new CardNetwork(
                        "transformer",
                        new ModelSpec(
                                List.of(new InputColumn.Sequence("items", ITEMS, 128, LENGTH)),
                                new TransformerModel(1, 4, 512, 0, List.of(), Activation.RELU),
                                1),
                        64));
    }

    static CardNetwork named(String name) {
        return table().stream()
                .filter(network -> network.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a network must be one of the table: name=" + name));
    }

    StepSpec step(Precision precision) {
        return StepSpec.of(model, Loss.BINARY_CROSS_ENTROPY, OptimizerSpec.Adam.decoupled(0.01))
                .clip(new Clip.Norm(1))
                .precision(precision)
                .microBatch(batch)
                .embeddings(Embeddings.LAZY)
                .seed(7)
                .build();
    }

    /** Rows that follow from a seed: a network can learn from them whether their first number, or first item, is a high one. */
    MicroBatch rows(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        MicroBatch rows = new MicroBatch(model, batch);
        rows.rows(batch);
        int numerics = model.numerics().size();
        for (int row = 0; row < batch; row++) {
            double first = random.nextDouble();
            for (int column = 0; column < numerics; column++) {
                double value = column == 0 ? first : random.nextDouble();
                rows.dense().setAtIndex(JAVA_FLOAT, (long) row * numerics + column, (float) (2 * value - 1));
            }
            for (int column = 0; column < model.categoricals().size(); column++) {
                rows.ids(column).setAtIndex(JAVA_INT, row, random.nextInt(BUCKETS));
            }
            for (int column = 0; column < model.sequences().size(); column++) {
                for (int item = 0; item < LENGTH; item++) {
                    int id = item == 0 ? (int) (first * ITEMS) : random.nextInt(ITEMS);
                    rows.sequenceIds(column).setAtIndex(JAVA_INT, (long) row * LENGTH + item, id);
                }
                rows.sequenceLengths(column).setAtIndex(JAVA_INT, row, LENGTH);
            }
            rows.label().setAtIndex(JAVA_FLOAT, row, first < 0.5 ? 0 : 1);
        }
        return rows;
    }

    private static ModelSpec mlp(List<InputColumn> inputs, Integer... hidden) {
        return new ModelSpec(inputs, new Architecture.Mlp(List.of(hidden), Activation.RELU), 1);
    }

    private static List<InputColumn> numerics(int count) {
        return IntStream.range(0, count)
                .<InputColumn>mapToObj(i -> new InputColumn.Numeric("x" + i))
                .toList();
    }

    private static List<InputColumn> tables() {
        List<InputColumn> columns = new ArrayList<>(numerics(13));
        for (int i = 0; i < 26; i++) {
            columns.add(new InputColumn.Categorical("c" + i, BUCKETS, 16));
        }
        return columns;
    }
}
