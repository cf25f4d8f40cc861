package io.gradstream.config;

import io.gradstream.config.yaml.Fault;
import io.gradstream.config.yaml.Findings;
import io.gradstream.config.yaml.Parts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The rules between sections. */
final class ConfigurationRules {
    private final Parts parts;
    private final Findings findings;

    private ConfigurationRules(Parts parts, Findings findings) {
        this.parts = parts;
        this.findings = findings;
    }

    /** Throws if a rule between sections does not hold. */
    static void require(Parts parts) {
        List<Fault> faults = new ArrayList<>();
        check(
                parts,
                (path, rule, value) -> faults.add(
                        new Fault("configuration", 0, path, rule, Optional.of(value.toString()), Optional.empty())));
        if (!faults.isEmpty()) {
            throw new ConfigurationException(faults);
        }
    }

    static void check(Parts parts, Findings findings) {
        ConfigurationRules rules = new ConfigurationRules(parts, findings);
        rules.columnsHaveOneUse();
        rules.outputsFitTheLoss();
        rules.rowsUpdateLinearModels();
        rules.topicsDiffer();
    }

    private void rowsUpdateLinearModels() {
        boolean row = parts.get("training", TrainingSettings.class)
                .filter(training -> training.updates() == Updates.ROW)
                .isPresent();
        parts.get("model", ModelSettings.class)
                .filter(model -> row && !(model instanceof ModelSettings.Linear))
                .ifPresent(
                        model -> findings.wrong("training.updates", "must be step unless the model is linear", "row"));
    }

    private void columnsHaveOneUse() {
        Map<String, String> uses = new HashMap<>();
        List<?> features = parts.get("features", List.class).orElse(List.of());
        for (int i = 0; i < features.size(); i++) {
            use(uses, "features[" + i + "].column", ((FeatureSettings) features.get(i)).column());
        }
        parts.get("label", LabelSettings.class).ifPresent(label -> use(uses, "label.column", label.column()));
        parts.get("weight", Optional.class)
                .flatMap(weight -> ((Optional<?>) weight).map(WeightSettings.class::cast))
                .ifPresent(weight -> use(uses, "weight.column", weight.column()));
    }

    private void use(Map<String, String> uses, String path, String column) {
        String other = uses.putIfAbsent(column, path);
        if (other != null) {
            findings.wrong(path, "must be another column than " + other, column);
        }
    }

    private void outputsFitTheLoss() {
        Optional<ModelSettings> model = parts.get("model", ModelSettings.class);
        Optional<LossType> loss = parts.get("loss", LossType.class);
        if (model.isEmpty() || loss.isEmpty()) {
            return;
        }
        int outputs = model.get().outputs();
        switch (loss.get()) {
            case BINARY_CROSS_ENTROPY -> {
                if (outputs != 1) {
                    findings.wrong("model.outputs", "must be 1 for binary-cross-entropy", outputs);
                }
            }
            case CROSS_ENTROPY -> {
                if (outputs < 2) {
                    findings.wrong(
                            "model.outputs", "must be the number of classes, at least 2, for cross-entropy", outputs);
                }
            }
            case MSE, MAE, HUBER, POISSON -> {
                if (outputs != 1) {
                    findings.wrong(
                            "model.outputs",
                            "must be 1 for " + loss.get().name().toLowerCase(Locale.ROOT),
                            outputs);
                }
            }
        }
    }

    private void topicsDiffer() {
        Map<String, String> topics = new LinkedHashMap<>();
        parts.get("source", SourceSettings.class).ifPresent(source -> {
            for (int i = 0; i < source.topics().size(); i++) {
                differ(topics, "source.topics[" + i + "]", source.topics().get(i));
            }
        });
        parts.get("publish", PublishSettings.class).ifPresent(publish -> {
            differ(topics, "publish.weights.topic", publish.weights().topic());
            differ(topics, "publish.metrics.topic", publish.metrics().topic());
            differ(topics, "publish.journal.topic", publish.journal().topic());
            differ(topics, "publish.deadLetter.topic", publish.deadLetter().topic());
        });
    }

    private void differ(Map<String, String> topics, String path, String topic) {
        String other = topics.putIfAbsent(topic, path);
        if (other != null) {
            findings.wrong(path, "must be another topic than " + other, topic);
        }
    }
}
