package io.gradstream.load.twin;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.Autoencoder;
import io.gradstream.autodiff.nn.Cross;
import io.gradstream.autodiff.nn.DeepCross;
import io.gradstream.autodiff.nn.DeepFm;
import io.gradstream.autodiff.nn.Dlrm;
import io.gradstream.autodiff.nn.GruModel;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.nn.Normalization;
import io.gradstream.autodiff.nn.TransformerModel;
import io.gradstream.autodiff.nn.Truncation;
import io.gradstream.autodiff.nn.WideDeep;
import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.step.Clip;
import io.gradstream.autodiff.step.OptimizerSpec;
import io.gradstream.autodiff.step.StepSpec;
import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The models that a configuration can name against the same models in PyTorch's operations, trained by AdamW and clipped.
 *
 * <p>Its epsilon keeps it from making steps of gradients that are zero but for rounding, as those of a bias before a batch normalization
 * and of attention's keys are.
 */
@Needs(Tool.LIBTORCH)
class ArchitectureAgreementTest {
    private static final int STEPS = 30;
    private static final double LEARNING_RATE = 0.005;
    private static final OptimizerSpec OPTIMIZER = new OptimizerSpec.Adam(0.8, 0.99, 1e-3, 0.05, true);
    private static final Activation ACTIVATION = Activation.SILU;

    private static final List<InputColumn> COLUMNS = List.of(
            new InputColumn.Numeric("a"),
            new InputColumn.Categorical("site", 50, 4),
            new InputColumn.Sequence("visits", 40, 8, 7),
            new InputColumn.Numeric("b"),
            new InputColumn.Numeric("c"),
            new InputColumn.Bag("tags", 30, 3, Combine.MEAN),
            new InputColumn.Bag("words", 40, 2, Combine.SUM),
            new InputColumn.Sequence("searches", 20, 4, 3));

    /** Columns whose embeddings have one dimension. */
    private static final List<InputColumn> FIELDS = List.of(
            new InputColumn.Numeric("a"),
            new InputColumn.Categorical("site", 50, 4),
            new InputColumn.Numeric("b"),
            new InputColumn.Bag("tags", 30, 4, Combine.MEAN),
            new InputColumn.Sequence("visits", 40, 4, 7),
            new InputColumn.Categorical("country", 7, 4));

    private static final List<InputColumn> CATEGORIES = FIELDS.stream()
            .filter(column -> !(column instanceof InputColumn.Numeric))
            .toList();

    @TestFactory
    Stream<DynamicTest> networks() {
        return Stream.of(
                agrees(COLUMNS, new Architecture.Mlp(List.of(12, 6), ACTIVATION, Normalization.LAYER, 0), 2),
                agrees(COLUMNS, new Architecture.Mlp(List.of(12, 6), ACTIVATION, Normalization.BATCH, 0), 1),
                agrees(COLUMNS, new WideDeep(List.of(12, 6), ACTIVATION), 2),
                agrees(COLUMNS, new DeepCross(2, Cross.Form.VECTOR, List.of(), ACTIVATION), 1),
                agrees(COLUMNS, new DeepCross(2, Cross.Form.MATRIX, List.of(12), ACTIVATION), 2));
    }

    @TestFactory
    Stream<DynamicTest> networksOfFields() {
        return Stream.of(
                agrees(FIELDS, new DeepFm(List.of(12, 6), ACTIVATION), 1),
                agrees(CATEGORIES, new DeepFm(List.of(12), ACTIVATION), 1),
                agrees(FIELDS, new Dlrm(List.of(9), List.of(12), ACTIVATION), 2),
                agrees(CATEGORIES, new Dlrm(List.of(), List.of(12), ACTIVATION), 1));
    }

    @TestFactory
    Stream<DynamicTest> networksOfSequences() {
        return Stream.of(
                agrees(COLUMNS, new GruModel(5, Truncation.NONE, List.of(6), ACTIVATION), 2),
                agrees(COLUMNS, new TransformerModel(2, 2, 12, 0, List.of(6), ACTIVATION), 1));
    }

    @TestFactory
    Stream<DynamicTest> autoencoders() {
        return Stream.of(
                agrees(COLUMNS, Loss.RECONSTRUCTION, new Autoencoder(List.of(12, 5), ACTIVATION), 1),
                agrees(FIELDS, Loss.RECONSTRUCTION, new Autoencoder(List.of(3), ACTIVATION), 1));
    }

    private static DynamicTest agrees(List<InputColumn> columns, Architecture architecture, int outputs) {
        Loss loss = outputs == 1 ? Loss.BINARY_CROSS_ENTROPY : Loss.CROSS_ENTROPY;
        return agrees(columns, loss, architecture, outputs);
    }

    private static DynamicTest agrees(List<InputColumn> columns, Loss loss, Architecture architecture, int outputs) {
        StepSpec spec = StepSpec.of(new ModelSpec(columns, architecture, outputs), loss, OPTIMIZER)
                .clip(new Clip.Norm(0.1))
                .microBatch(16)
                .accumulate(3)
                .seed(1)
                .build();
        return dynamicTest(
                architecture + " of " + columns.size() + " columns",
                () -> new StepTwin(spec, STEPS, LEARNING_RATE).requireAgreement());
    }
}
