package io.gradstream.connectors.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricRecordTest {
    private static final Instant TIME = Instant.parse("2026-11-21T12:00:00.250Z");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final StepMetrics STEP = new StepMetrics(
            7,
            3,
            TIME,
            4096,
            0.25,
            1e-3,
            2.5,
            1.0,
            true,
            65536,
            false,
            2,
            Map.of("auc", 0.75, "rows", 4096.0),
            Map.of("mlp.0.weight", Map.of("grad_norm", 1.5)),
            Map.of("spike", 0.5),
            12,
            1e6);

    @Test
    void writesAStepAsTheContractSays() {
        assertThat(new String(STEP.toJson(), UTF_8))
                .startsWith("""
                        {"step":7,"version":3,"time":"2026-11-21T12:00:00.250Z","rows":4096,"loss":0.25,"learning_rate":0.001,\
                        "grad_norm":2.5,"grad_norm_clipped":1.0,"clipped":true,"loss_scale":65536.0,"overflow":false,\
                        "skipped_steps":2,"progressive":{""")
                .contains(
                        "\"layers\":{\"mlp.0.weight\":{\"grad_norm\":1.5}},\"spike\":0.5,\"lag\":12,\"rows_per_second\":1000000.0");
    }

    @Test
    void refusesHealthFiguresOfOtherNames() {
        assertThatThrownBy(() -> new StepMetrics(
                        7, 3, TIME, 1, 0, 0, 0, 0, false, 1, false, 0, Map.of(), Map.of(), Map.of("mood", 1.0), 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("health figures must have their names: health=[mood]");
    }

    @Test
    void readsWhatItWrites() {
        assertThat(MetricRecord.parse(STEP.toJson())).isEqualTo(STEP);
        MetricEvent event = event();
        assertThat(MetricRecord.parse(event.toJson())).isEqualTo(event);
    }

    @Test
    void writesWhatIsNotFiniteAsNull() throws Exception {
        MetricEvent event = new MetricEvent("overflow", 1, 1, TIME, Map.of("norm", Double.POSITIVE_INFINITY));

        assertThat(MAPPER.readTree(event.toJson()).get("norm").isNull()).isTrue();
    }

    @Test
    void obeysItsSchema() throws Exception {
        JsonNode schema = MAPPER.readTree(MetricRecord.schema());
        assertThat(Schemas.faults(schema, MAPPER.readTree(STEP.toJson()))).isEmpty();
        assertThat(Schemas.faults(schema, MAPPER.readTree(event().toJson()))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"step", "version", "time", "loss", "progressive", "layers", "lag"})
    void isRefusedByItsSchemaWithoutAField(String field) throws Exception {
        JsonNode schema = MAPPER.readTree(MetricRecord.schema());
        JsonNode record = MAPPER.readTree(STEP.toJson());
        ((ObjectNode) record).remove(field);

        assertThat(Schemas.faults(schema, record)).isNotEmpty();
        assertThatThrownBy(() -> MetricRecord.parse(MAPPER.writeValueAsBytes(record)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("field=" + field);
    }

    @Test
    void isRefusedByItsSchemaWithAWrongType() throws Exception {
        JsonNode schema = MAPPER.readTree(MetricRecord.schema());
        String json = new String(STEP.toJson(), UTF_8);

        assertThat(Schemas.faults(schema, MAPPER.readTree(json.replace("\"step\":7", "\"step\":\"7\""))))
                .isNotEmpty();
        assertThat(Schemas.faults(schema, MAPPER.readTree(json.replace("\"lag\":12", "\"lag\":-1"))))
                .isNotEmpty();
        assertThat(Schemas.faults(schema, MAPPER.readTree(json.replace("\"clipped\":true", "\"clipped\":1"))))
                .isNotEmpty();
    }

    private static MetricEvent event() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("column", "age");
        fields.put("score", 0.5);
        fields.put("row", 17L);
        fields.put("handled", true);
        return new MetricEvent("drift", 7, 3, TIME, fields);
    }
}
