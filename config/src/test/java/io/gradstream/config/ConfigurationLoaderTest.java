package io.gradstream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.config.yaml.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationLoaderTest {
    @Test
    void reportsEveryFaultAtOnceWithItsLine() {
        assertThat(Yaml.messages("""
                        name: bad name
                        sourse: {topics: [events]}
                        features:
                          - {column: age, type: numeric, scale: standardise}
                          - {column: site, type: catgorical}
                          - {colum: x, type: numeric}
                        label: {column: age}
                        model: {type: mlp, hidden: []}
                        loss: cross-entropi
                        optimizer: {type: adam}
                        training:
                          micro_batch: 12
                          accumulate: many
                          flush: 10 seconds
                          clip: {norm: 1, value: 2}
                          schedule: {typ: cosine}
                          accumulate: 3
                        http: {port: 99999}
                        """))
                .containsExactly(
                        "test.yaml:1: name: must be up to 200 letters, digits, dots, dashes and underscores: value=bad name",
                        "test.yaml:1: source: must be given",
                        "test.yaml:2: sourse: is not a known key, did you mean source?",
                        "test.yaml:4: features[0].scale: must be one of none, standardize, log1p: value=standardise, did you mean standardize?",
                        "test.yaml:5: features[1].type: must be one of numeric, categorical, bag, sequence: value=catgorical, did you mean categorical?",
                        "test.yaml:6: features[2].colum: is not a known key, did you mean features[2].column?",
                        "test.yaml:6: features[2].column: must be given",
                        "test.yaml:8: model.hidden: must have at least one element",
                        "test.yaml:9: loss: must be one of binary-cross-entropy, cross-entropy, mse, mae, huber, poisson, reconstruction: value=cross-entropi, did you mean cross-entropy?",
                        "test.yaml:10: optimizer: is not a known key, did you mean training.optimizer?",
                        "test.yaml:12: training.micro_batch: is not a known key, did you mean training.microBatch?",
                        "test.yaml:13: training.accumulate: must be a whole number from 1 to 1048576: value=many",
                        "test.yaml:14: training.flush: must be a duration such as 250ms, 10s, 5m, 2h or 7d, or off: value=10 seconds",
                        "test.yaml:15: training.clip: must have only one of the keys norm, groupNorm, value",
                        "test.yaml:16: training.schedule.typ: is not a known key, did you mean training.schedule.type?",
                        "test.yaml:17: training.accumulate: must be given once; it is given first in line 13",
                        "test.yaml:18: http.port: must be a whole number from 0 to 65535, or off: value=99999");
    }

    @ParameterizedTest
    @CsvSource({
        "training.optimizer.type=muon, training.optimizer.type, 'sgd, adam, adamw, adamw8bit, adagrad, rmsprop, lion, adafactor, ftrl'"
    })
    void tellsWhatALaterVersionWillHaveFromAMisspelling(String override, String path, String supported) {
        assertThat(Yaml.faults(Yaml.VALID, override)).singleElement().satisfies(fault -> {
            assertThat(fault.path()).isEqualTo(path);
            assertThat(fault.rule()).isEqualTo("is not implemented in this version, which supports " + supported);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "loss=cross-entropy | model.outputs | must be the number of classes, at least 2, for cross-entropy",
                "model.outputs=2 | model.outputs | must be 1 for binary-cross-entropy",
                "features[1].column=x | features[1].column | must be another column than features[0].column",
                "label.column=site | label.column | must be another column than features[1].column",
                "weight.column=y | weight.column | must be another column than label.column",
                "source.topics=[a, a] | source.topics[1] | must be another topic than source.topics[0]",
                "checkpoint.topic=events | checkpoint.topic | must be another topic than source.topics[0]",
                "publish.metrics.topic=events | publish.metrics.topic | must be another topic than source.topics[0]",
                "publish.journal.topic=clicks.weights | publish.journal.topic | must be another topic than publish.weights.topic",
                "training.optimizer={type: sgd, nesterov: true} | training.optimizer.nesterov | must be false without momentum",
                "training.optimizer={type: sgd, nesterov: true, momentum: 0.9, dampening: 0.1} | training.optimizer.dampening | must be 0 with nesterov",
                "training.schedule={type: cosine, warmup: 10, steps: 10} | training.schedule.warmup | must be below steps, which is 10",
            })
    void checksRulesBetweenKeys(String override, String path, String rule) {
        assertThat(Yaml.faults(Yaml.VALID, override)).singleElement().satisfies(fault -> {
            assertThat(fault.path()).isEqualTo(path);
            assertThat(fault.rule()).isEqualTo(rule);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "loss=reconstruction | label | must not be given with reconstruction, which learns from the row itself",
                "loss=reconstruction | loss | must not be reconstruction unless the model is an autoencoder or custom",
                "model={type: autoencoder, hidden: [2]} | loss | must be reconstruction for an autoencoder",
                "model={type: deepfm, hidden: [8], outputs: 2} | model.outputs | must be 1 for deepfm",
                "model={type: gru, units: 4, hidden: []} | features | must have a sequence for gru",
                "model={type: transformer, hidden: []} | features | must have a sequence for transformer",
                "model={type: linear, lowRank: {rank: 2}} | model.lowRank | must have weights to adapt; give model.warmStart as well",
                "training.schedule={type: one-cycle, steps: 4, rise: 0.2} | training.schedule.rise | must leave steps to rise in, of which there are 4",
                "training.gradientNoise={variance: 0} | training.gradientNoise.variance | must be a number above 0",
                "training.huberDelta=0 | training.huberDelta | must be a number above 0",
            })
    void checksThatAModelCanLearnWhatItIsGiven(String override, String path, String rule) {
        assertThat(Yaml.faults(Yaml.VALID, override)).anySatisfy(fault -> {
            assertThat(fault.path()).isEqualTo(path);
            assertThat(fault.rule()).isEqualTo(rule);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type: deepfm, hidden: [8] | features | must have vectors, all of one dimension, for deepfm",
                "type: dlrm, bottom: [4], hidden: [8] | features | must have vectors, all of one dimension, for dlrm",
                "type: transformer, heads: 3, hidden: [] | model.heads | must divide the dimension of every sequence: visits has 8",
            })
    void checksThatVectorsFitTheModel(String model, String path, String rule) {
        assertThat(Yaml.faults(
                        Yaml.VALID,
                        "model={" + model + "}",
                        "features[1]={column: site, type: categorical, buckets: 10, dimension: 4}",
                        "features[2]={column: visits, type: sequence, buckets: 10, dimension: 8}"))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.path()).isEqualTo(path);
                    assertThat(fault.rule()).isEqualTo(rule);
                });
    }

    @Test
    void asksForALabelUnlessTheRowIsItsOwn() {
        String unlabelled = Yaml.VALID.replace("label: {column: y}\n", "");

        assertThat(Yaml.faults(unlabelled)).singleElement().satisfies(fault -> {
            assertThat(fault.path()).isEqualTo("label");
            assertThat(fault.rule()).isEqualTo("must be given unless the loss is reconstruction");
        });
        assertThat(Yaml.parse(unlabelled, "loss=reconstruction", "model={type: autoencoder, hidden: [2]}")
                        .label())
                .isEmpty();
    }

    @Test
    void updatesRowByRowOnlyLinearModelsByPlainDescent() {
        assertThat(Yaml.faults(Yaml.VALID, "training={updates: row, precision: bf16, clip: {value: 1}}"))
                .extracting(Fault::path)
                .contains("training.optimizer", "training.clip", "training.precision");
        assertThat(Yaml.faults(Yaml.VALID, "training={updates: row, optimizer: {type: sgd}}"))
                .singleElement()
                .satisfies(fault -> assertThat(fault.rule()).isEqualTo("must be step unless the model is linear"));
        assertThat(Yaml.faults(
                        Yaml.VALID,
                        "training={updates: row, optimizer: {type: sgd}, average: {decay: 0.9},"
                                + " gradientNoise: {variance: 0.1}, groups: [{match: \"*\", frozen: true}]}",
                        "model={type: linear, warmStart: base.safetensors, lowRank: {rank: 2}}",
                        "features[1]={column: site, type: sequence, buckets: 10, dimension: 4, length: 3}"))
                .extracting(Fault::path)
                .containsExactlyInAnyOrder(
                        "training.average",
                        "training.gradientNoise",
                        "training.groups[0]",
                        "model.lowRank",
                        "features[1]");
        assertThat(Yaml.parse(Yaml.VALID, "training={updates: row, optimizer: {type: sgd}}", "model={type: linear}")
                        .training()
                        .updates())
                .isEqualTo(Updates.ROW);
    }

    @Test
    void resetsOnlyWhereMomentsCanBeginAnewToo() {
        String reset = "guard={drift: {adwin: {}, reset: [\"mlp.*\"]}}";
        for (String optimizer : List.of("adafactor", "adamw8bit")) {
            assertThat(Yaml.faults(Yaml.VALID, reset, "training={optimizer: {type: " + optimizer + "}}"))
                    .extracting(Fault::path)
                    .containsExactly("guard.drift.reset");
        }
        assertThat(Yaml.parse(Yaml.VALID, reset, "training={optimizer: {type: lion}}")
                        .guard()
                        .drift())
                .isPresent();
    }

    @Test
    void namesTheLineOfARuleBetweenKeys() {
        assertThat(Yaml.messages(Yaml.VALID.replace("column: y", "column: x")))
                .containsExactly("test.yaml:4: label.column: must be another column than features[0].column: value=x");
    }

    @Test
    void checksRulesBetweenSectionsAlsoWhenOtherSectionsHaveFaults() {
        assertThat(Yaml.faults(Yaml.VALID, "label.column=x", "training.microBatch=0", "model.outputs=3"))
                .extracting(Fault::path)
                .containsExactlyInAnyOrder("label.column", "training.microBatch", "model.outputs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n"})
    void refusesAnEmptyFile(String yaml) {
        assertThat(Yaml.faults(yaml)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"just words", "[a, b]", "name: [", "a: b\n---\nc: d", "name: *nowhere"})
    void refusesWhatIsNoSectionOrNoYaml(String yaml) {
        assertThat(Yaml.faults(yaml))
                .singleElement()
                .satisfies(fault -> assertThat(fault.line()).isPositive());
    }

    @Test
    void tellsWhereAndWhyAFileIsNoYaml() {
        assertThat(Yaml.messages("name: clicks\nloss: mse: bce\n"))
                .containsExactly("test.yaml:2: must be valid YAML: mapping values are not allowed here");
    }

    @Test
    void refusesAFileThatReferencesItself() {
        assertThat(Yaml.faults("&a {name: *a, features: &b [*b]}"))
                .extracting(Fault::path)
                .contains("name", "features[0]");
    }

    @Test
    void takesOffAndExponentsForWhatTheyLookLike() {
        Configuration configuration = Yaml.parse(
                Yaml.VALID, "training.optimizer={type: adam, epsilon: 1e-8}", "training.clip=off", "name=on");
        assertThat(configuration.training().optimizer())
                .isEqualTo(new OptimizerSettings.Adam(0.001, 0.9, 0.999, 1e-8, 0));
        assertThat(configuration.training().clip()).isEqualTo(new ClipSettings.Off());
        assertThat(configuration.name()).isEqualTo("on");
    }

    @ParameterizedTest
    @ValueSource(strings = {".nan", ".inf", "1e999", "0x10", "one", "''"})
    void refusesNumbersThatAreNotFinite(String number) {
        assertThat(Yaml.faults(Yaml.VALID, "training.optimizer={type: adam, learningRate: " + number + "}"))
                .singleElement()
                .satisfies(fault -> assertThat(fault.rule()).isEqualTo("must be a number of at least 0"));
    }

    @Test
    void takesAKeyWithoutValueForNotGiven() {
        Configuration configuration = Yaml.parse(Yaml.VALID + "weight:\nstop:\nhttp: {token: }\n");
        assertThat(configuration.weight()).isEmpty();
        assertThat(configuration.http().token()).isEqualTo(new Secret(""));
    }

    @Test
    void keepsTheRulesForConfigurationsMadeInCode() {
        Configuration valid = Yaml.parse(Yaml.VALID);
        assertThatThrownBy(() -> new Configuration(
                        valid.name(),
                        valid.kafka(),
                        valid.source(),
                        valid.features(),
                        Optional.of(new LabelSettings("x")),
                        Optional.empty(),
                        valid.model(),
                        valid.loss(),
                        valid.training(),
                        valid.guard(),
                        valid.publish(),
                        valid.checkpoint(),
                        valid.stop(),
                        valid.http(),
                        valid.standby()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("must be another column than features[0].column");
    }

    @Test
    void namesAFileThatCannotBeRead(@TempDir Path directory) throws IOException {
        Path latin = Files.write(directory.resolve("latin.yaml"), new byte[] {'n', ':', ' ', (byte) 0xe9});
        assertThatThrownBy(() -> ConfigurationLoader.load(latin, List.of(), Map.of()))
                .hasMessage(latin + ": must be UTF-8 text");
        Path absent = directory.resolve("absent.yaml");
        assertThatThrownBy(() -> ConfigurationLoader.load(absent, List.of(), Map.of()))
                .hasMessage(absent + ": must exist");
        assertThatThrownBy(() -> ConfigurationLoader.load(directory, List.of(), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(directory + ": must be readable");
    }

    @Test
    void readsGroupsAveragesAndCycles() {
        TrainingSettings training = Yaml.parse(
                        Yaml.VALID,
                        "training.groups=[{match: embedding.*, learningRate: 0.1}, {match: \"*.bias\", weightDecay: 0, frozen: true}]",
                        "training.average={decay: 0.99}",
                        "training.schedule={type: one-cycle, steps: 1000}",
                        "training.clip={groupNorm: 2}",
                        "training.optimizer={type: ftrl, l1: 0.5}")
                .training();
        assertThat(training.groups())
                .containsExactly(
                        new GroupSettings("embedding.*", 0.1, Optional.empty(), false),
                        new GroupSettings("*.bias", 1, Optional.of(0.0), true));
        assertThat(training.average()).contains(new AverageSettings(0.99));
        assertThat(training.schedule()).isEqualTo(new ScheduleSettings.OneCycle(1000, 0.3, 0.04, 4e-6));
        assertThat(training.clip()).isEqualTo(new ClipSettings.GroupNorm(2));
        assertThat(training.optimizer()).isEqualTo(new OptimizerSettings.Ftrl(0.1, 1, 0.5, 0));
    }
}
