package io.gradstream.load.bench;

import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.nn.TransformerModel;
import io.gradstream.autodiff.step.Clip;
import io.gradstream.autodiff.step.Embeddings;
import io.gradstream.autodiff.step.OptimizerSpec;
import io.gradstream.autodiff.step.Precision;
import io.gradstream.autodiff.step.StepSpec;
import io.gradstream.load.peer.PeerRows;
import io.gradstream.load.twin.SyntheticRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A network of the table that engines are measured on: binary cross entropy, AdamW, clipped to norm 1. */
public record Network(String name, ModelSpec model, int batch, Goal goal) {
    static final long SEED = 7;
    static final double LEARNING_RATE = 1e-3;

    private static final int BUCKETS = 100_000;
    private static final int DIMENSION = 16;

    /** The table, smallest first. */
    public static List<Network> table() {
        return List.of(
                logisticRegression(),
                new Network("MLP 64-128-128-1", mlp(numerics(64), 128, 128), 1, Goal.of(8)),
                new Network("MLP 64-128-128-1", mlp(numerics(64), 128, 128), 32, Goal.of(4)),
                clickModel(),
                new Network(
                        "MLP 256-1024-1024-1024-1", mlp(numerics(256), 1024, 1024, 1024), 1024, Goal.inKind(1, 2.5)),
                new Network(
                        "26 tables x 100,000 x 16 + 13 numbers, MLP 256-128-1",
                        mlp(tables(), 256, 128),
                        1024,
                        Goal.of(3, 4)),
                transformer());
    }

    static Network logisticRegression() {
        return new Network(
                "logistic regression, 32 inputs",
                new ModelSpec(numerics(32), new Architecture.Linear(), 1),
                1024,
                Goal.of(4));
    }

    private static Network transformer() {
        int width = 128;
        int length = 64;
        return new Network(
                "transformer block d=128, 4 heads, T=64",
                new ModelSpec(
                        List.of(new InputColumn.Sequence("items", 4096, width, length)),
                        new TransformerModel(1, 4, 4 * width, 0, List.of(), Activation.RELU),
                        1),
                64,
                Goal.of(1.2, 2));
    }

    static Network clickModel() {
        return new Network("MLP 32-256-128-1", mlp(numerics(32), 256, 128), 1024, Goal.inKind(1.15, 2.5));
    }

    /** Name and batch, unique in the table. */
    public String title() {
        return name + ", batch " + batch;
    }

    /** Those of the table whose titles contain a text, in any case. */
    static List<Network> named(String text) {
        String part = text.toLowerCase(Locale.ROOT);
        return table().stream()
                .filter(network -> network.title().toLowerCase(Locale.ROOT).contains(part))
                .toList();
    }

    /** The training step of this network. */
    public StepSpec step(Precision precision) {
        return StepSpec.of(model, Loss.BINARY_CROSS_ENTROPY, OptimizerSpec.Adam.decoupled(0.01))
                .clip(new Clip.Norm(1))
                .precision(precision)
                .microBatch(batch)
                .embeddings(Embeddings.LAZY)
                .seed(SEED)
                .build();
    }

    /** Whether libtorch can be given sparse gradients. */
    boolean hasTables() {
        return !(model.categoricals().isEmpty()
                && model.bags().isEmpty()
                && model.sequences().isEmpty());
    }

    /** The rows both engines are measured on. */
    PeerRows rows() {
        return new SyntheticRows(model, Loss.BINARY_CROSS_ENTROPY, false, SyntheticRows.Lengths.FULL, SEED).next(batch);
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
            columns.add(new InputColumn.Categorical("c" + i, BUCKETS, DIMENSION));
        }
        return columns;
    }
}
