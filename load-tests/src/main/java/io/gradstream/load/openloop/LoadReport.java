package io.gradstream.load.openloop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;

/** What a load test found: the rate that was asked for and the one that was kept, and how long events took. */
record LoadReport(
        String topic,
        long messages,
        int rowsPerMessage,
        double intendedRowsPerSecond,
        double achievedRowsPerSecond,
        long failures,
        Latencies acknowledged,
        Optional<Latencies> published,
        long unpublished) {

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%d messages of %d rows to %s: %.0f rows/s intended, %.0f achieved, %d failed%n",
                messages,
                rowsPerMessage,
                topic,
                intendedRowsPerSecond,
                achievedRowsPerSecond,
                failures));
        text.append(acknowledged.describe()).append(System.lineSeparator());
        published.ifPresent(latencies -> {
            text.append(latencies.describe()).append(System.lineSeparator());
            if (unpublished > 0) {
                text.append("not in any published weights: ")
                        .append(unpublished)
                        .append(System.lineSeparator());
            }
        });
        return text.toString();
    }

    byte[] json() {
        JsonMapper mapper = new JsonMapper();
        ObjectNode json = mapper.createObjectNode()
                .put("topic", topic)
                .put("messages", messages)
                .put("rows_per_message", rowsPerMessage)
                .put("intended_rows_per_second", intendedRowsPerSecond)
                .put("achieved_rows_per_second", achievedRowsPerSecond)
                .put("failures", failures);
        acknowledged.write(json);
        published.ifPresent(latencies -> {
            latencies.write(json);
            json.put("unpublished", unpublished);
        });
        try {
            return mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report is plain JSON", e);
        }
    }
}
