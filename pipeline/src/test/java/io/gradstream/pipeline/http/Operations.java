package io.gradstream.pipeline.http;

import io.gradstream.config.ConfigurationLoader;
import io.gradstream.connectors.topic.StepMetrics;
import io.gradstream.pipeline.operation.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Operations of trainers that take no steps of their own. */
final class Operations {
    static final String TOKEN = "correct-horse-battery-staple";

    private Operations() {}

    static Operation of(String... overrides) {
        List<String> all = new ArrayList<>(List.of("http.port=0"));
        all.addAll(Arrays.asList(overrides));
        return new Operation(ConfigurationLoader.parse("test.yaml", """
                name: clicks
                kafka:
                  properties:
                    sasl.jaas.config: org.apache.kafka.PlainLoginModule required password="hush-hush";
                    ssl.keystore.password: hush-hush
                source: {topics: [events]}
                features: [{column: x, type: numeric}]
                label: {column: y}
                model: {type: linear}
                loss: binary-cross-entropy
                """, all, Map.of()));
    }

    static Operation controlled() {
        return of("http.token=" + TOKEN);
    }

    static StepMetrics figures(long step) {
        return new StepMetrics(
                step,
                step / 10,
                Instant.EPOCH.plusSeconds(step),
                100 * step,
                1.0 / step,
                0.01,
                2.0,
                1.0,
                true,
                1,
                false,
                0,
                Map.of("loss", 0.5, "accuracy", 0.75),
                Map.of("linear.weight", Map.of("grad_norm", 2.0)),
                Map.of(),
                3,
                1000);
    }
}
