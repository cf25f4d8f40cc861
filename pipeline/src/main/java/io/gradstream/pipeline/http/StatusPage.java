package io.gradstream.pipeline.http;

import io.gradstream.autodiff.device.MemoryUse;
import io.gradstream.connectors.kafka.PartitionStatus;
import io.gradstream.connectors.topic.StepMetrics;
import io.gradstream.pipeline.operation.Landmark;
import io.gradstream.pipeline.operation.Operation;
import io.gradstream.pipeline.operation.Readiness;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What {@code /api/status} says: everything there is to know of a trainer at this moment, secrets masked. */
final class StatusPage {
    private StatusPage() {}

    static Map<String, Object> of(Operation operation) {
        Map<String, Object> page = new LinkedHashMap<>();
        Readiness readiness = operation.readiness();
        page.put("name", operation.configuration().name());
        page.put(
                "state",
                operation.controls().paused() ? "paused" : operation.phase().label());
        page.put("ready", readiness.ready());
        page.put("reason", readiness.reason());
        page.put("started", operation.started().toString());
        operation.device().ifPresent(device -> {
            page.put("device", device.name());
            device.memory().ifPresent(memory -> page.put("device_memory", memory(memory)));
        });
        page.put("version", operation.published().map(Landmark::version).orElse(0L));
        page.put("step", operation.last().map(StepMetrics::step).orElse(0L));
        page.put("rows", operation.last().map(StepMetrics::rows).orElse(0L));
        page.put("lag", operation.lag());
        operation.last().ifPresent(last -> page.put("last_step", lastStep(last)));
        operation.published().ifPresent(version -> page.put("published", landmark(version)));
        operation.kept().ifPresent(checkpoint -> page.put("checkpoint", landmark(checkpoint)));
        if (operation.recovery().of() > 0) {
            page.put(
                    "recovery",
                    Map.of(
                            "steps", operation.recovery().steps(),
                            "of", operation.recovery().of()));
        }
        page.put("partitions", partitions(operation.partitions()));
        page.put("configuration", operation.configuration().effective());
        return page;
    }

    private static Map<String, @Nullable Object> lastStep(StepMetrics last) {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        figures.put("time", last.time().toString());
        figures.put("loss", finite(last.loss()));
        figures.put("rows_per_second", finite(last.rowsPerSecond()));
        figures.put("learning_rate", finite(last.learningRate()));
        figures.put("grad_norm", finite(last.gradNorm()));
        figures.put("skipped_steps", last.skippedSteps());
        Map<String, @Nullable Object> progressive = new LinkedHashMap<>();
        last.progressive().forEach((name, value) -> progressive.put(name, finite(value)));
        figures.put("progressive", progressive);
        return figures;
    }

    private static Map<String, Long> memory(MemoryUse memory) {
        Map<String, Long> bytes = new LinkedHashMap<>();
        bytes.put("used", memory.used());
        bytes.put("free", memory.free());
        return bytes;
    }

    private static Map<String, @Nullable Object> landmark(Landmark landmark) {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        figures.put("version", landmark.version());
        figures.put("step", landmark.step());
        figures.put("rows", landmark.rows());
        figures.put("time", landmark.time().toString());
        return figures;
    }

    private static Map<String, Map<Integer, Object>> partitions(Map<TopicPartition, PartitionStatus> partitions) {
        Map<String, Map<Integer, Object>> topics = new TreeMap<>();
        partitions.forEach((partition, status) -> topics.computeIfAbsent(partition.topic(), _ -> new TreeMap<>())
                .put(partition.partition(), partition(status)));
        return topics;
    }

    private static Map<String, @Nullable Object> partition(PartitionStatus status) {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        figures.put("next", status.handedOn());
        figures.put("published", status.acknowledged());
        status.end().ifPresent(end -> figures.put("end", end));
        status.lag().ifPresent(lag -> figures.put("lag", lag));
        return figures;
    }

    /** JSON has no word for a number that is none but null. */
    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
