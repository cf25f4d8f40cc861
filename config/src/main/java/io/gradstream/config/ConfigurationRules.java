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
import java.util.Set;
import java.util.TreeSet;

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
        rules.momentsCanBeginAnew();
        rules.labelFitsTheLoss();
        rules.modelFitsTheLoss();
        rules.modelFitsTheFeatures();
        rules.adaptersHaveABase();
        rules.topicsDiffer();
    }

    /** Moments that are shared by parameters, or quantized together, would remember weights that are no more. */
    private void momentsCanBeginAnew() {
        boolean resets = parts.get("guard", GuardSettings.class)
                .flatMap(GuardSettings::drift)
                .filter(drift -> !drift.reset().isEmpty())
                .isPresent();
        if (!resets) {
            return;
        }
        parts.get("training", TrainingSettings.class).ifPresent(training -> {
            switch (training.optimizer()) {
                case OptimizerSettings.Adafactor _ -> momentsMustBeginAnew("adafactor");
                case OptimizerSettings.QuantizedAdamW _ -> momentsMustBeginAnew("adamw8bit");
                case OptimizerSettings.Sgd _,
                        OptimizerSettings.Adam _,
                        OptimizerSettings.AdamW _,
                        OptimizerSettings.Adagrad _,
                        OptimizerSettings.Rmsprop _,
                        OptimizerSettings.Lion _,
                        OptimizerSettings.Ftrl _ -> {}
            }
        });
    }

    private void momentsMustBeginAnew(String optimizer) {
        findings.wrong(
                "guard.drift.reset",
                "must be empty for an optimizer whose moments cannot begin anew one by one",
                optimizer);
    }

    private void rowsUpdateLinearModels() {
        boolean row = parts.get("training", TrainingSettings.class)
                .filter(training -> training.updates() == Updates.ROW)
                .isPresent();
        if (!row) {
            return;
        }
        parts.get("model", ModelSettings.class).ifPresent(model -> {
            if (!(model instanceof ModelSettings.Linear)) {
                findings.wrong("training.updates", "must be step unless the model is linear", "row");
            } else if (model.lowRank().isPresent()) {
                findings.wrong("model.lowRank", "must be left out for updates: row", "given");
            }
        });
        List<?> features = parts.get("features", List.class).orElse(List.of());
        for (int i = 0; i < features.size(); i++) {
            if (features.get(i) instanceof SequenceFeature sequence) {
                findings.wrong("features[" + i + "]", "must not be a sequence for updates: row", sequence.column());
            }
        }
    }

    private void labelFitsTheLoss() {
        Optional<Boolean> given = parts.get("label", Optional.class).map(label -> ((Optional<?>) label).isPresent());
        Optional<LossType> loss = parts.get("loss", LossType.class);
        if (given.isEmpty() || loss.isEmpty()) {
            return;
        }
        if (loss.get().needsLabel() && !given.get()) {
            findings.wrong("label", "must be given unless the loss is reconstruction", "none");
        }
        if (!loss.get().needsLabel() && given.get()) {
            findings.wrong("label", "must not be given with reconstruction, which learns from the row itself", "given");
        }
    }

    private void modelFitsTheLoss() {
        Optional<ModelSettings> model = parts.get("model", ModelSettings.class);
        Optional<LossType> loss = parts.get("loss", LossType.class);
        if (model.isEmpty() || loss.isEmpty() || model.get() instanceof ModelSettings.Custom) {
            return;
        }
        boolean reconstructs = model.get() instanceof ModelSettings.Autoencoder;
        if (reconstructs == loss.get().needsLabel()) {
            findings.wrong(
                    "loss",
                    reconstructs
                            ? "must be reconstruction for an autoencoder"
                            : "must not be reconstruction unless the model is an autoencoder or custom",
                    loss.get().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
    }

    private void modelFitsTheFeatures() {
        List<?> features = parts.get("features", List.class).orElse(List.of());
        Optional<ModelSettings> model = parts.get("model", ModelSettings.class);
        if (features.isEmpty() || model.isEmpty()) {
            return;
        }
        switch (model.get()) {
            case ModelSettings.DeepFm it -> {
                vectorsAreAlike("deepfm", features);
                if (it.outputs() != 1) {
                    findings.wrong("model.outputs", "must be 1 for deepfm", it.outputs());
                }
            }
            case ModelSettings.Dlrm _ -> vectorsAreAlike("dlrm", features);
            case ModelSettings.Gru _ -> sequences("gru", features);
            case ModelSettings.Transformer it -> {
                for (SequenceFeature sequence : sequences("transformer", features)) {
                    if (sequence.dimension() % it.heads() != 0) {
                        findings.wrong(
                                "model.heads",
                                "must divide the dimension of every sequence: " + sequence.column() + " has "
                                        + sequence.dimension(),
                                it.heads());
                    }
                }
            }
            case ModelSettings.Linear _,
                    ModelSettings.Mlp _,
                    ModelSettings.WideDeep _,
                    ModelSettings.Dcn _,
                    ModelSettings.Autoencoder _,
                    ModelSettings.Custom _ -> {}
        }
    }

    private void vectorsAreAlike(String model, List<?> features) {
        Set<Integer> dimensions = new TreeSet<>();
        for (Object feature : features) {
            switch ((FeatureSettings) feature) {
                case NumericFeature _ -> {}
                case CategoricalFeature it -> dimensions.add(it.dimension());
                case BagFeature it -> dimensions.add(it.dimension());
                case SequenceFeature it -> dimensions.add(it.dimension());
            }
        }
        if (dimensions.size() != 1) {
            findings.wrong("features", "must have vectors, all of one dimension, for " + model, dimensions);
        }
    }

    private List<SequenceFeature> sequences(String model, List<?> features) {
        List<SequenceFeature> sequences = features.stream()
                .filter(SequenceFeature.class::isInstance)
                .map(SequenceFeature.class::cast)
                .toList();
        if (sequences.isEmpty()) {
            findings.wrong("features", "must have a sequence for " + model, "none");
        }
        return sequences;
    }

    private void adaptersHaveABase() {
        parts.get("model", ModelSettings.class)
                .filter(model ->
                        model.lowRank().isPresent() && model.warmStart().isEmpty())
                .ifPresent(_ -> findings.wrong(
                        "model.lowRank", "must have weights to adapt; give model.warmStart as well", "given"));
    }

    private void columnsHaveOneUse() {
        Map<String, String> uses = new HashMap<>();
        List<?> features = parts.get("features", List.class).orElse(List.of());
        for (int i = 0; i < features.size(); i++) {
            use(uses, "features[" + i + "].column", ((FeatureSettings) features.get(i)).column());
        }
        parts.get("label", Optional.class)
                .flatMap(label -> ((Optional<?>) label).map(LabelSettings.class::cast))
                .ifPresent(label -> use(uses, "label.column", label.column()));
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
            case MSE, MAE, HUBER, POISSON, RECONSTRUCTION -> {
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
        parts.get("checkpoint", CheckpointSettings.class)
                .flatMap(CheckpointSettings::topic)
                .ifPresent(topic -> differ(topics, "checkpoint.topic", topic));
    }

    private void differ(Map<String, String> topics, String path, String topic) {
        String other = topics.putIfAbsent(topic, path);
        if (other != null) {
            findings.wrong(path, "must be another topic than " + other, topic);
        }
    }
}
