package io.gradstream.connectors.topic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of one optimizer step.
 *
 * @param version the newest published version of the model at that time
 * @param rows how many rows the model has learned from in all
 * @param loss the mean over the step's rows, before the step
 * @param gradNorm the global norm before clipping, {@code gradNormClipped} the one after it
 * @param progressive what the model scored on rows before it learned from them: {@code loss}, {@code accuracy}, {@code auc}, …,
 *     {@code rows}
 * @param layers per parameter tensor {@code grad_norm}, {@code weight_norm}, {@code update_ratio}, …
 * @param health figures of the whole step, under the names of {@link #HEALTH}
 * @param lag records of the input topics that wait to be read
 */
public record StepMetrics(
        long step,
        long version,
        Instant time,
        long rows,
        double loss,
        double learningRate,
        double gradNorm,
        double gradNormClipped,
        boolean clipped,
        double lossScale,
        boolean overflow,
        long skippedSteps,
        Map<String, Double> progressive,
        Map<String, Map<String, Double>> layers,
        Map<String, Double> health,
        long lag,
        double rowsPerSecond)
        implements MetricRecord {
    /** The running share of clipped steps, the gradient norm's deviation from usual, the noise scale, and the slope over the layers. */
    public static final List<String> HEALTH = List.of("clip_fraction", "spike", "noise_scale", "depth_profile");

    public StepMetrics {
        if (!HEALTH.containsAll(health.keySet())) {
            throw new IllegalArgumentException("health figures must have their names: health=" + health.keySet());
        }
        health = Figures.copy(health);
        progressive = Figures.copy(progressive);
        Map<String, Map<String, Double>> copy = new LinkedHashMap<>();
        layers.forEach((layer, figures) -> copy.put(layer, Figures.copy(figures)));
        layers = Collections.unmodifiableMap(copy);
    }

    @Override
    public byte[] toJson() {
        ObjectNode json = Json.object();
        json.put("step", step)
                .put("version", version)
                .put("time", time.toString())
                .put("rows", rows);
        Figures.put(json, "loss", loss);
        Figures.put(json, "learning_rate", learningRate);
        Figures.put(json, "grad_norm", gradNorm);
        Figures.put(json, "grad_norm_clipped", gradNormClipped);
        json.put("clipped", clipped);
        Figures.put(json, "loss_scale", lossScale);
        json.put("overflow", overflow).put("skipped_steps", skippedSteps);
        json.set("progressive", Figures.json(progressive));
        ObjectNode byLayer = json.putObject("layers");
        layers.forEach((layer, figures) -> byLayer.set(layer, Figures.json(figures)));
        health.forEach((name, figure) -> Figures.put(json, name, figure));
        json.put("lag", lag);
        Figures.put(json, "rows_per_second", rowsPerSecond);
        return Json.bytes(json);
    }

    static StepMetrics parse(ObjectNode json) {
        Map<String, Map<String, Double>> layers = new LinkedHashMap<>();
        ObjectNode byLayer = Json.object(json, "layers");
        byLayer.properties().forEach(layer -> layers.put(layer.getKey(), Figures.parse(byLayer, layer.getKey())));
        Map<String, Double> health = new LinkedHashMap<>();
        HEALTH.stream().filter(json::has).forEach(name -> health.put(name, Figures.number(json, name)));
        return new StepMetrics(
                Json.integer(json, "step"),
                Json.integer(json, "version"),
                Json.time(json, "time"),
                Json.integer(json, "rows"),
                Figures.number(json, "loss"),
                Figures.number(json, "learning_rate"),
                Figures.number(json, "grad_norm"),
                Figures.number(json, "grad_norm_clipped"),
                Json.flag(json, "clipped"),
                Figures.number(json, "loss_scale"),
                Json.flag(json, "overflow"),
                Json.integer(json, "skipped_steps"),
                Figures.parse(json, "progressive"),
                layers,
                health,
                Json.integer(json, "lag"),
                Figures.number(json, "rows_per_second"));
    }
}
