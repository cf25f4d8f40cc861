package io.gradstream.pipeline.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.diagnose.Finding;
import io.gradstream.autodiff.diagnose.Rule;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.Autoencoder;
import io.gradstream.autodiff.nn.Cross;
import io.gradstream.autodiff.nn.Custom;
import io.gradstream.autodiff.nn.DeepCross;
import io.gradstream.autodiff.nn.DeepFm;
import io.gradstream.autodiff.nn.Dlrm;
import io.gradstream.autodiff.nn.GruModel;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.LowRank;
import io.gradstream.autodiff.nn.Model;
import io.gradstream.autodiff.nn.Normalization;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.nn.TransformerModel;
import io.gradstream.autodiff.nn.Truncation;
import io.gradstream.autodiff.nn.WideDeep;
import io.gradstream.autodiff.step.StepSpec;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationLoader;
import io.gradstream.pipeline.ExampleModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitecturesTest {
    private static final String BASE = """
            name: test
            source: {topics: [events]}
            features:
              - {column: price, type: numeric}
              - {column: site, type: categorical, buckets: 10, dimension: 4}
              - {column: history, type: sequence, buckets: 20, dimension: 4, length: 6}
            """;
    private static final String LABEL = "label: {column: y}\nloss: binary-cross-entropy\n";

    @ParameterizedTest
    @MethodSource("models")
    void makesTheModelOfItsSection(String section, Architecture architecture, List<String> parameters) {
        StepSpec spec = StepSpecs.of(parse(BASE + LABEL + "model: " + section));

        assertThat(spec.model().architecture()).isEqualTo(architecture);
        assertThat(new Model(spec.model()).parameters())
                .extracting(ParameterSpec::name)
                .containsAll(parameters);
    }

    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of("{type: linear}", new Architecture.Linear(), List.of("linear.weight")),
                Arguments.of(
                        "{type: mlp, hidden: [8], activation: gelu, normalization: batch, dropout: 0.1}",
                        new Architecture.Mlp(List.of(8), Activation.GELU, Normalization.BATCH, 0.1),
                        List.of("mlp.0.weight", "mlp.0.norm.running_mean", "mlp.1.bias")),
                Arguments.of(
                        "{type: wide-deep, hidden: [8]}",
                        new WideDeep(List.of(8), Activation.RELU),
                        List.of("wide.bias", "wide.numeric.weight", "wide.embedding.site.weight", "deep.1.bias")),
                Arguments.of(
                        "{type: deepfm, hidden: [8]}",
                        new DeepFm(List.of(8), Activation.RELU),
                        List.of("fm.weight", "fm.bias", "fm.embedding.history.weight", "deep.0.weight")),
                Arguments.of(
                        "{type: dlrm, bottom: [5], hidden: [8]}",
                        new Dlrm(List.of(5), List.of(8), Activation.RELU),
                        List.of("bottom.0.weight", "bottom.1.weight", "top.1.weight")),
                Arguments.of(
                        "{type: dcn, layers: 3, form: vector, hidden: [8]}",
                        new DeepCross(3, Cross.Form.VECTOR, List.of(8), Activation.RELU),
                        List.of("cross.2.weight", "deep.0.weight", "output.weight")),
                Arguments.of(
                        "{type: gru, units: 7, truncate: 3, hidden: [8]}",
                        new GruModel(7, new Truncation(3), List.of(8), Activation.RELU),
                        List.of("gru.history.input.weight", "gru.history.hidden.bias", "mlp.1.weight")),
                Arguments.of(
                        "{type: transformer, layers: 1, heads: 2, feedForward: 9, dropout: 0.1, hidden: [8]}",
                        new TransformerModel(1, 2, 9, 0.1, List.of(8), Activation.RELU),
                        List.of(
                                "transformer.history.position",
                                "transformer.history.0.self_attn.in_proj.weight",
                                "transformer.history.norm.weight",
                                "mlp.1.weight")));
    }

    @ParameterizedTest
    @MethodSource("models")
    void nothingIsWrongWithAModelAsItBegins(String section) {
        StepSpec spec = StepSpecs.of(parse(BASE + LABEL + "model: " + section));

        assertThat(findings(spec)).isEmpty();
    }

    @Test
    void namesTheLayersOfACustomModelWhoseUnitsCannotDiffer(@TempDir Path folder) throws IOException {
        Path source = Files.writeString(folder.resolve("Zeros.java"), """
                import io.gradstream.autodiff.nn.*;
                import io.gradstream.autodiff.tape.Tensor;

                public class Zeros implements Network {
                    @Override
                    public Tensor forward(ModelInputs inputs, Parameters parameters) {
                        Tensor hidden = zeros(8).forward(inputs.concatenate(parameters), parameters.in("hidden"));
                        return zeros(1).forward(hidden.tanh(), parameters.in("output"));
                    }

                    private static Linear zeros(int outputs) {
                        return new Linear(outputs).weights((in, out) -> new Initializer.Constant(0));
                    }
                }
                """);
        StepSpec spec = StepSpecs.of(parse(
                BASE + LABEL + "model: {type: custom, class: Zeros, jar: " + ExampleModel.jar(folder, source) + "}"));

        assertThat(findings(spec)).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(Rule.SYMMETRIC_UNITS);
            assertThat(finding.toString()).contains("hidden.weight", "output.weight");
        });
    }

    private static List<Finding> findings(StepSpec spec) {
        try (Device device = new ReferenceDevice();
                TrainingStep step = new TrainingStep(spec, device)) {
            return step.findings();
        }
    }

    @Test
    void readsSequencesByTheirLength() {
        StepSpec spec = StepSpecs.of(parse(BASE + LABEL + "model: {type: linear}"));

        assertThat(spec.model().sequences()).containsExactly(new InputColumn.Sequence("history", 20, 4, 6));
    }

    @Test
    void anAutoencoderLearnsWithoutLabel() {
        StepSpec spec = StepSpecs.of(parse(BASE + "loss: reconstruction\nmodel: {type: autoencoder, hidden: [8, 2]}"));

        assertThat(spec.model().architecture()).isEqualTo(new Autoencoder(List.of(8, 2), Activation.RELU));
        assertThat(spec.loss()).isEqualTo(Loss.RECONSTRUCTION);
        assertThat(new Model(spec.model()).parameters())
                .extracting(ParameterSpec::name)
                .contains("encoder.1.weight", "decoder.0.weight", "decoder.1.bias");
    }

    @Test
    void adaptsByLowRank() {
        StepSpec spec = StepSpecs.of(parse(
                BASE + LABEL + "model: {type: linear, warmStart: m.safetensors, lowRank: {rank: 2, method: dora}}"));

        assertThat(spec.model().lowRank()).contains(new LowRank(2, 16, true));
        assertThat(new Model(spec.model()).parameters())
                .filteredOn(parameter -> parameter.kind() == ParameterSpec.Kind.TRAINED)
                .extracting(ParameterSpec::name)
                .containsExactly("linear.lora.a", "linear.lora.b", "linear.lora.magnitude");
    }

    @Test
    void takesACustomModelFromItsJar(@TempDir Path folder) throws IOException {
        StepSpec spec = StepSpecs.of(ConfigurationLoader.parse(
                "test.yaml",
                ExampleModel.configuration(List.of()),
                List.of("model.jar=" + ExampleModel.jar(folder)),
                Map.of()));

        assertThat(spec.model().architecture()).isInstanceOf(Custom.class);
        assertThat(new Model(spec.model()).parameters())
                .extracting(ParameterSpec::name)
                .containsExactly(
                        "item.0.weight",
                        "item.0.bias",
                        "item.output.weight",
                        "item.output.bias",
                        "embedding.viewer.weight",
                        "embedding.country.weight",
                        "viewer.0.weight",
                        "viewer.0.bias",
                        "viewer.output.weight",
                        "viewer.output.bias");
    }

    private static Configuration parse(String yaml) {
        return ConfigurationLoader.parse("test.yaml", yaml, List.of(), Map.of());
    }
}
