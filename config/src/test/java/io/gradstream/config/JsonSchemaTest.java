package io.gradstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.gradstream.config.yaml.Named;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class JsonSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Set<ValidationMessage> validate(String yaml) {
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(JsonSchema.text())
                .validate(JSON.valueToTree(tree));
    }

    static Stream<Path> examples() throws IOException {
        return ExamplesTest.examples();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void acceptsEveryExample(Path file) throws IOException {
        assertThat(validate(Files.readString(file))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void acceptsEveryEffectiveConfiguration(Path file) {
        assertThat(validate(ConfigurationLoader.load(file, java.util.List.of(), java.util.Map.of())
                        .effectiveYaml()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown: 1",
                "training: {microbatch: 1}",
                "training: {microBatch: 0}",
                "training: {microBatch: some}",
                "training: {optimizer: {type: adam, momentum: 1}}",
                "training: {optimizer: {type: adan}}",
                "training: {optimizer: {type: sgd, momentum: 1}}",
                "training: {clip: {norm: 1, value: 1}}",
                "training: {clip: {norm: 0}}",
                "training: {clip: on}",
                "training: {flush: soon}",
                "training: {schedule: {type: cosine}}",
                "publish: {weights: {every: 0 steps}}",
                "http: {port: 65536}",
                "stop: {rows: 0}",
            })
    void refusesWhatTheLoaderRefuses(String yaml) {
        assertThat(validate(Yaml.VALID)).isEmpty();
        assertThat(validate(Yaml.VALID + yaml)).isNotEmpty();
        assertThat(Yaml.faults(Yaml.VALID + yaml)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "training: {microBatch: \"${ROWS:8}\", flush: off, clip: off}",
                "training: {optimizer: {type: sgd, learningRate: 1e-3, nesterov: false}}",
                "http: {port: off}",
                "http: {port: 0}",
                "publish: {weights: {every: 1 step}, metrics: {every: 10s}}",
            })
    void acceptsWhatTheLoaderAccepts(String yaml) {
        assertThat(validate(Yaml.VALID + yaml)).isEmpty();
        assertThat(Yaml.parse(Yaml.VALID + yaml).name()).isEqualTo("clicks");
    }

    @Test
    void knowsEveryKeyOfTheRecords() throws JsonProcessingException {
        Set<String> inRecords = new TreeSet<>();
        gatherKeys(Configuration.class, inRecords);
        Set<String> inSchema = new TreeSet<>();
        gatherProperties(JSON.readTree(JsonSchema.text()), inSchema);
        inSchema.remove("type");
        assertThat(inSchema).isEqualTo(inRecords);
    }

    @Test
    void describesEveryKey() throws JsonProcessingException {
        assertThat(JSON.readTree(JsonSchema.text()).findValues("properties"))
                .allSatisfy(properties -> properties
                        .properties()
                        .forEach(property -> assertThat(property.getKey().equals("type")
                                        || property.getKey().equals("properties")
                                        || property.getValue().has("description"))
                                .as(property.getKey())
                                .isTrue()));
    }

    private static void gatherKeys(Type type, Set<String> keys) {
        if (type instanceof ParameterizedType generic) {
            for (Type argument : generic.getActualTypeArguments()) {
                gatherKeys(argument, keys);
            }
        } else if (type instanceof Class<?> raw && raw.getPackage() == Configuration.class.getPackage()) {
            boolean written = raw.isAnnotationPresent(io.gradstream.config.yaml.Written.class);
            if (raw.isRecord() && !written) {
                for (RecordComponent component : raw.getRecordComponents()) {
                    Named named = component.getAnnotation(Named.class);
                    keys.add(named == null ? component.getName() : named.value());
                    gatherKeys(component.getGenericType(), keys);
                }
            } else if (raw.isSealed() && !written) {
                for (Class<?> variant : raw.getPermittedSubclasses()) {
                    gatherKeys(variant, keys);
                }
            }
        }
    }

    private static void gatherProperties(JsonNode schema, Set<String> keys) {
        if (schema.isObject() && schema.path("properties").isObject() && schema.has("additionalProperties")) {
            schema.get("properties").fieldNames().forEachRemaining(keys::add);
        }
        schema.forEach(child -> gatherProperties(child, keys));
    }
}
