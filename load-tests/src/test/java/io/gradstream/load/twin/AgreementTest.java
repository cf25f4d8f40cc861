package io.gradstream.load.twin;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.step.Clip;
import io.gradstream.autodiff.step.OptimizerSpec;
import io.gradstream.autodiff.step.StepSpec;
import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Our training step against PyTorch's optimizers: 100 steps of four weighted, clipped micro-batches, the last step cut
 * short, from the same first weights on the same rows. See {@link Agreement} for what agreement means.
 */
@Needs(Tool.LIBTORCH)
class AgreementTest {
    private static final int STEPS = 100;
    private static final int MICRO_BATCH = 16;
    private static final int ACCUMULATE = 4;

    private static final Map<String, OptimizerSpec> OPTIMIZERS = Map.of(
            "SGD with momentum", new OptimizerSpec.Sgd(0.9, 0.1, false, 0.001),
            "Nesterov", new OptimizerSpec.Sgd(0.9, 0, true, 0),
            "Adam", new OptimizerSpec.Adam(0.9, 0.999, 1e-8, 0.01, false),
            "AdamW", new OptimizerSpec.Adam(0.8, 0.99, 1e-8, 0.05, true),
            "Adagrad", new OptimizerSpec.Adagrad(0.01, 0.001, 0.1, 1e-10),
            "RMSprop, centered, with momentum", new OptimizerSpec.Rmsprop(0.95, 1e-4, 0.001, 0.5, true));

    private static final Map<String, ModelSpec> MODELS = Map.of(
            "linear", new ModelSpec(numerics(13), new Architecture.Linear(), 1),
            "MLP", new ModelSpec(numerics(13), new Architecture.Mlp(List.of(32, 16), Activation.RELU), 1),
            "MLP with embeddings", new ModelSpec(columns(), new Architecture.Mlp(List.of(32, 16), Activation.RELU), 1));

    @TestFactory
    Stream<DynamicTest> everyOptimizerOnEveryModel() {
        return OPTIMIZERS.entrySet().stream()
                .flatMap(optimizer -> MODELS.entrySet().stream()
                        .map(model -> dynamicTest(
                                model.getKey() + ", " + optimizer.getKey(),
                                () -> train(spec(model.getValue(), Loss.BINARY_CROSS_ENTROPY, optimizer.getValue())))));
    }

    @TestFactory
    Stream<DynamicTest> everyLoss() {
        return Stream.of(
                        Loss.BINARY_CROSS_ENTROPY,
                        new Loss.BinaryCrossEntropy(3),
                        Loss.CROSS_ENTROPY,
                        new Loss.CrossEntropy(0.1, List.of()),
                        new Loss.CrossEntropy(0, List.of(0.5, 1.0, 2.0, 0.25, 4.0)),
                        new Loss.CrossEntropy(0.2, List.of(0.5, 1.0, 2.0, 0.25, 4.0)),
                        Loss.MSE,
                        Loss.MAE,
                        new Loss.Huber(0.5),
                        Loss.POISSON)
                .map(loss -> dynamicTest(
                        loss.toString(),
                        () -> train(spec(
                                new ModelSpec(
                                        columns(),
                                        new Architecture.Mlp(List.of(24), Activation.TANH),
                                        loss.labels() == DType.I32 ? 5 : 1),
                                loss,
                                new OptimizerSpec.Sgd(0.9, 0, false, 0)))));
    }

    @TestFactory
    Stream<DynamicTest> everyActivation() {
        return Stream.of(Activation.values())
                .map(activation -> dynamicTest(
                        activation.name(),
                        () -> train(spec(
                                new ModelSpec(numerics(7), new Architecture.Mlp(List.of(20, 10), activation), 1),
                                Loss.BINARY_CROSS_ENTROPY,
                                new OptimizerSpec.Sgd(0.9, 0, false, 0)))));
    }

    private static void train(StepSpec spec) {
        new StepTwin(spec, STEPS, learningRate(spec.optimizer())).requireAgreement();
    }

    private static double learningRate(OptimizerSpec optimizer) {
        return switch (optimizer) {
            case OptimizerSpec.Sgd _, OptimizerSpec.Adagrad _ -> 0.05;
            default -> 0.005;
        };
    }

    private static StepSpec spec(ModelSpec model, Loss loss, OptimizerSpec optimizer) {
        return StepSpec.of(model, loss, optimizer)
                .clip(new Clip.Norm(0.1))
                .microBatch(MICRO_BATCH)
                .accumulate(ACCUMULATE)
                .seed(1)
                .build();
    }

    private static List<InputColumn> numerics(int count) {
        return IntStream.range(0, count)
                .<InputColumn>mapToObj(i -> new InputColumn.Numeric("x" + i))
                .toList();
    }

    private static List<InputColumn> columns() {
        return List.of(
                new InputColumn.Numeric("a"),
                new InputColumn.Categorical("site", 50, 4),
                new InputColumn.Numeric("b"),
                new InputColumn.Numeric("c"),
                new InputColumn.Bag("tags", 30, 3, Combine.MEAN),
                new InputColumn.Bag("words", 40, 2, Combine.SUM),
                new InputColumn.Categorical("country", 7, 2));
    }
}
