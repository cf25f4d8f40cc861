package io.gradstream.pipeline.trainer;

import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.LowRank;
import io.gradstream.autodiff.nn.Model;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.op.GradientNoise;
import io.gradstream.autodiff.step.Clip;
import io.gradstream.autodiff.step.Embeddings;
import io.gradstream.autodiff.step.LossScale;
import io.gradstream.autodiff.step.OptimizerSpec;
import io.gradstream.autodiff.step.ParameterGroup;
import io.gradstream.autodiff.step.Precision;
import io.gradstream.autodiff.step.Schedule;
import io.gradstream.autodiff.step.StepSpec;
import io.gradstream.autodiff.step.Updates;
import io.gradstream.config.AverageSettings;
import io.gradstream.config.BagFeature;
import io.gradstream.config.CategoricalFeature;
import io.gradstream.config.ClipSettings;
import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationException;
import io.gradstream.config.DriftSettings;
import io.gradstream.config.FeatureSettings;
import io.gradstream.config.GroupSettings;
import io.gradstream.config.LossScaleSettings;
import io.gradstream.config.LowRankSettings;
import io.gradstream.config.ModelSettings;
import io.gradstream.config.NumericFeature;
import io.gradstream.config.OptimizerSettings;
import io.gradstream.config.ScheduleSettings;
import io.gradstream.config.SequenceFeature;
import io.gradstream.config.TrainingSettings;
import io.gradstream.config.yaml.Fault;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Says to the engine, in its own words, what the configuration asks for. */
public final class StepSpecs {
    private StepSpecs() {}

    /** What a configuration asks for; what the engine cannot do is a {@link ConfigurationException} that names the key. */
    public static StepSpec of(Configuration configuration) {
        ModelSpec model = asked("model", () -> model(configuration));
        StepSpec spec = asked("training", () -> step(configuration, model));
        List<String> parameters = asked("model", () -> new Model(model).parameters()).stream()
                .map(ParameterSpec::name)
                .toList();
        for (int i = 0; i < spec.groups().size(); i++) {
            ParameterGroup group = spec.groups().get(i);
            if (parameters.stream().noneMatch(group::matches)) {
                throw fault(
                        "training.groups[" + i + "].match",
                        "must match a parameter of the model, which has " + String.join(", ", parameters),
                        Optional.of(group.match()));
            }
        }
        List<String> anew =
                configuration.guard().drift().map(DriftSettings::reset).orElse(List.of());
        for (int i = 0; i < anew.size(); i++) {
            String pattern = anew.get(i);
            if (pattern.isBlank() || parameters.stream().noneMatch(ParameterGroup.frozen(pattern)::matches)) {
                throw fault(
                        "guard.drift.reset[" + i + "]",
                        "must match a parameter of the model, which has " + String.join(", ", parameters),
                        Optional.of(pattern));
            }
        }
        return spec;
    }

    private static <T> T asked(String section, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw fault(section, String.valueOf(e.getMessage()), Optional.empty());
        }
    }

    private static ConfigurationException fault(String path, String rule, Optional<String> value) {
        return new ConfigurationException(List.of(new Fault("configuration", 0, path, rule, value, Optional.empty())));
    }

    private static StepSpec step(Configuration configuration, ModelSpec model) {
        TrainingSettings training = configuration.training();
        return StepSpec.of(model, loss(configuration), optimizer(training.optimizer()))
                .clip(clip(training.clip()))
                .precision(precision(training.precision()))
                .lossScale(lossScale(training.lossScale()))
                .microBatch(training.microBatch())
                .accumulate(training.accumulate())
                .seed(training.seed())
                .inspectEvery(training.inspectEvery())
                .checkpointEvery(training.checkpointEvery())
                .gradientNoise(
                        training.gradientNoise().map(noise -> new GradientNoise(noise.variance(), noise.decay())))
                .embeddings(embeddings(training.embeddings()))
                .updates(updates(training.updates()))
                .groups(training.groups().stream().map(StepSpecs::group).toList())
                .average(training.average().stream()
                        .mapToDouble(AverageSettings::decay)
                        .findFirst())
                .build();
    }

    /** How the learning rate changes, as the configuration asks for it. */
    public static Schedule schedule(ScheduleSettings settings) {
        return switch (settings) {
            case ScheduleSettings.Constant constant -> new Schedule.Constant(constant.warmup());
            case ScheduleSettings.Linear linear -> new Schedule.Linear(linear.warmup(), linear.steps(), linear.end());
            case ScheduleSettings.Cosine cosine -> new Schedule.Cosine(cosine.warmup(), cosine.steps(), cosine.end());
            case ScheduleSettings.InverseSquareRoot root -> new Schedule.InverseSquareRoot(root.warmup());
            case ScheduleSettings.OneCycle cycle ->
                new Schedule.OneCycle(cycle.steps(), cycle.rise(), cycle.start(), cycle.end());
        };
    }

    private static ParameterGroup group(GroupSettings group) {
        return new ParameterGroup(
                group.match(),
                group.learningRate(),
                group.weightDecay().stream().mapToDouble(decay -> decay).findFirst(),
                group.frozen());
    }

    private static ModelSpec model(Configuration configuration) {
        ModelSettings settings = configuration.model();
        ModelSpec model = new ModelSpec(
                configuration.features().stream().map(StepSpecs::input).toList(),
                Architectures.of(settings),
                settings.outputs());
        return settings.lowRank().map(adapters -> model.with(lowRank(adapters))).orElse(model);
    }

    private static LowRank lowRank(LowRankSettings adapters) {
        return new LowRank(
                adapters.rank(),
                adapters.alpha(),
                switch (adapters.method()) {
                    case LORA -> false;
                    case DORA -> true;
                });
    }

    private static InputColumn input(FeatureSettings feature) {
        return switch (feature) {
            case NumericFeature numeric -> new InputColumn.Numeric(numeric.column());
            case CategoricalFeature category ->
                new InputColumn.Categorical(category.column(), category.buckets(), category.dimension());
            case BagFeature bag ->
                new InputColumn.Bag(
                        bag.column(),
                        bag.buckets(),
                        bag.dimension(),
                        switch (bag.combine()) {
                            case SUM -> Combine.SUM;
                            case MEAN -> Combine.MEAN;
                        });
            case SequenceFeature sequence ->
                new InputColumn.Sequence(
                        sequence.column(), sequence.buckets(), sequence.dimension(), sequence.length());
        };
    }

    private static Loss loss(Configuration configuration) {
        return switch (configuration.loss()) {
            case BINARY_CROSS_ENTROPY -> Loss.BINARY_CROSS_ENTROPY;
            case CROSS_ENTROPY -> Loss.CROSS_ENTROPY;
            case MSE -> Loss.MSE;
            case MAE -> Loss.MAE;
            case HUBER -> new Loss.Huber(configuration.training().huberDelta());
            case POISSON -> Loss.POISSON;
            case RECONSTRUCTION -> Loss.RECONSTRUCTION;
        };
    }

    private static OptimizerSpec optimizer(OptimizerSettings optimizer) {
        return switch (optimizer) {
            case OptimizerSettings.Sgd sgd ->
                new OptimizerSpec.Sgd(sgd.momentum(), sgd.dampening(), sgd.nesterov(), sgd.weightDecay());
            case OptimizerSettings.Adam adam ->
                new OptimizerSpec.Adam(adam.beta1(), adam.beta2(), adam.epsilon(), adam.weightDecay(), false);
            case OptimizerSettings.AdamW adam ->
                new OptimizerSpec.Adam(adam.beta1(), adam.beta2(), adam.epsilon(), adam.weightDecay(), true);
            case OptimizerSettings.QuantizedAdamW adam ->
                new OptimizerSpec.QuantizedAdam(adam.beta1(), adam.beta2(), adam.epsilon(), adam.weightDecay());
            case OptimizerSettings.Adagrad adagrad ->
                new OptimizerSpec.Adagrad(
                        adagrad.rateDecay(), adagrad.weightDecay(), adagrad.initial(), adagrad.epsilon());
            case OptimizerSettings.Rmsprop rmsprop ->
                new OptimizerSpec.Rmsprop(
                        rmsprop.alpha(),
                        rmsprop.epsilon(),
                        rmsprop.weightDecay(),
                        rmsprop.momentum(),
                        rmsprop.centered());
            case OptimizerSettings.Lion lion -> new OptimizerSpec.Lion(lion.beta1(), lion.beta2(), lion.weightDecay());
            case OptimizerSettings.Adafactor adafactor ->
                new OptimizerSpec.Adafactor(
                        adafactor.decay(),
                        adafactor.epsilon1(),
                        adafactor.epsilon2(),
                        adafactor.threshold(),
                        adafactor.weightDecay());
            case OptimizerSettings.Ftrl ftrl -> new OptimizerSpec.Ftrl(ftrl.beta(), ftrl.l1(), ftrl.l2());
        };
    }

    private static Clip clip(ClipSettings clip) {
        return switch (clip) {
            case ClipSettings.Off _ -> new Clip.Off();
            case ClipSettings.Norm norm -> new Clip.Norm(norm.norm());
            case ClipSettings.GroupNorm norm -> new Clip.GroupNorm(norm.groupNorm());
            case ClipSettings.Value value -> new Clip.Value(value.value());
        };
    }

    private static Updates updates(io.gradstream.config.Updates updates) {
        return switch (updates) {
            case STEP -> Updates.STEP;
            case ROW -> Updates.ROW;
        };
    }

    private static Embeddings embeddings(io.gradstream.config.Embeddings embeddings) {
        return switch (embeddings) {
            case EXACT -> Embeddings.EXACT;
            case LAZY -> Embeddings.LAZY;
        };
    }

    private static Precision precision(io.gradstream.config.Precision precision) {
        return switch (precision) {
            case FP32, TF32 -> Precision.FP32;
            case BF16 -> Precision.BF16;
            case FP16 -> Precision.FP16;
        };
    }

    private static LossScale lossScale(LossScaleSettings scale) {
        return new LossScale(scale.initial(), scale.growth(), scale.backoff(), scale.interval());
    }
}
