package io.gradstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.config.yaml.Fault;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --set key=value}. */
class OverridesTest {
    @Test
    void replacesValuesOfTheFile() {
        Configuration configuration = Yaml.parse(Yaml.VALID, "model.hidden=[4, 2]", "name=other", "name=last");
        assertThat(configuration.model())
                .isEqualTo(new ModelSettings.Mlp(
                        java.util.List.of(4, 2),
                        Activation.RELU,
                        Normalization.NONE,
                        0,
                        1,
                        Optional.empty(),
                        Optional.empty()));
        assertThat(configuration.name()).isEqualTo("last");
        assertThat(configuration.publish().weights().topic()).isEqualTo("last.weights");
    }

    @Test
    void addsSectionsThatTheFileLacks() {
        Configuration configuration = Yaml.parse(Yaml.VALID, "training.clip.norm=2", "stop.rows=5", "http.port=off");
        assertThat(configuration.training().clip()).isEqualTo(new ClipSettings.Norm(2));
        assertThat(configuration.stop().rows()).contains(5L);
        assertThat(configuration.http().port()).isEmpty();
    }

    @Test
    void indexesLists() {
        Configuration configuration = Yaml.parse(
                Yaml.VALID,
                "features[1].buckets=7",
                "features.0.scale=log1p",
                "features[2]={column: tags, type: bag}",
                "features[3].column=z",
                "features[3].type=numeric");
        assertThat(configuration.features())
                .containsExactly(
                        new NumericFeature("x", NumericScale.LOG1P, 0),
                        new CategoricalFeature("site", 7, 16),
                        new BagFeature("tags", 100_000, 16, BagCombine.MEAN),
                        new NumericFeature("z", NumericScale.NONE, 0));
    }

    @Test
    void takesTheRestOfAPathForAClientProperty() {
        assertThat(Yaml.parse(Yaml.VALID, "kafka.properties.security.protocol=SSL", "kafka.properties.linger.ms=5")
                        .kafka()
                        .properties())
                .containsEntry("security.protocol", "SSL")
                .containsEntry("linger.ms", "5");
    }

    @Test
    void unsetsWithAnEmptyValue() {
        assertThat(Yaml.parse(Yaml.VALID + "stop: {rows: 5}", "stop.rows=")
                        .stop()
                        .rows())
                .isEmpty();
    }

    @Test
    void leavesOtherUsesOfAnAnchorAlone() {
        Configuration configuration = Yaml.parse(
                Yaml.VALID + "publish: {weights: {every: &often 5 steps}, metrics: {every: *often}}",
                "publish.weights.every=1s");
        assertThat(configuration.publish().metrics().every()).isEqualTo(new Every.Steps(5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training.acumulate=4 | --set training.acumulate: training.acumulate: is not a known key, did you mean training.accumulate?",
                "training.accumulate=x | --set training.accumulate: training.accumulate: must be a whole number from 1 to 1048576: value=x",
                "features[7].column=x | --set features[7].column: features[7].column: must index the list from 0 to 2: index=7",
                "features.x.column=x | --set features.x.column: features.x.column: must index the list from 0 to 2: index=x",
                "features]=x | --set features]: features]: must be keys with dots between, and indexes such as [0]",
                "name.x=1 | --set name.x: name.x: must be a key that can be set: a single value has no key x",
                "name=[ | --set name: name: must be followed by YAML",
                "name | --set name: must look like key=value",
            })
    void namesTheSettingInItsFault(String override, String message) {
        assertThat(Yaml.messages(Yaml.VALID, override)).containsExactly(message);
    }

    @Test
    void reportsFaultsOfSettingsAndOfTheFileTogether() {
        assertThat(Yaml.faults(Yaml.VALID.replace("mlp", "mpl"), "stop.rows=0", "a b c"))
                .extracting(Fault::source)
                .containsExactly("test.yaml", "--set stop.rows", "--set a");
    }
}
