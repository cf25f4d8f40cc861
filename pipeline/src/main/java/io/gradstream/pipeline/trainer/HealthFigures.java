package io.gradstream.pipeline.trainer;

import io.gradstream.autodiff.step.LayerReport;
import io.gradstream.autodiff.step.StepReport;
import java.util.LinkedHashMap;
import java.util.Map;

/** A step's gradient health under the names of the metrics topic. Figures that mean nothing for a layer are left out. */
final class HealthFigures {
    private HealthFigures() {}

    static Map<String, Double> ofStep(StepReport report) {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("clip_fraction", report.clipFraction());
        figures.put("spike", report.spike());
        putKnown(figures, "noise_scale", report.noiseScale());
        report.depthProfile().ifPresent(profile -> figures.put("depth_profile", profile.slope()));
        return figures;
    }

    static Map<String, Map<String, Double>> ofLayers(StepReport report) {
        Map<String, Map<String, Double>> layers = new LinkedHashMap<>();
        report.layers().forEach(layer -> layers.put(layer.name(), ofLayer(layer)));
        return layers;
    }

    private static Map<String, Double> ofLayer(LayerReport layer) {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("grad_norm", layer.gradientNorm());
        figures.put("weight_norm", layer.weightNorm());
        figures.put("update_ratio", layer.updateRatio());
        putKnown(figures, "dead_units", layer.deadUnits());
        putKnown(figures, "saturation", layer.saturation());
        putKnown(figures, "zero_share", layer.zeroShare());
        putKnown(figures, "denormal_share", layer.denormalShare());
        putKnown(figures, "momentum_cosine", layer.momentumCosine());
        putKnown(figures, "signal_to_noise", layer.signalToNoise());
        putKnown(figures, "adam_shock", layer.adamShock());
        return figures;
    }

    private static void putKnown(Map<String, Double> figures, String name, double value) {
        if (!Double.isNaN(value)) {
            figures.put(name, value);
        }
    }
}
