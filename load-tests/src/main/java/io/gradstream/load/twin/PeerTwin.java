package io.gradstream.load.twin;

import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.Autoencoder;
import io.gradstream.autodiff.nn.Cross;
import io.gradstream.autodiff.nn.Custom;
import io.gradstream.autodiff.nn.DeepCross;
import io.gradstream.autodiff.nn.DeepFm;
import io.gradstream.autodiff.nn.Dlrm;
import io.gradstream.autodiff.nn.GruModel;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.nn.Normalization;
import io.gradstream.autodiff.nn.TransformerModel;
import io.gradstream.autodiff.nn.Truncation;
import io.gradstream.autodiff.nn.WideDeep;
import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.step.Clip;
import io.gradstream.autodiff.step.OptimizerSpec;
import io.gradstream.autodiff.step.StepSpec;
import io.gradstream.load.peer.PeerActivation;
import io.gradstream.load.peer.PeerAutoencoder;
import io.gradstream.load.peer.PeerDeepCross;
import io.gradstream.load.peer.PeerDeepFm;
import io.gradstream.load.peer.PeerDlrm;
import io.gradstream.load.peer.PeerGru;
import io.gradstream.load.peer.PeerInput;
import io.gradstream.load.peer.PeerInputs;
import io.gradstream.load.peer.PeerLinear;
import io.gradstream.load.peer.PeerLoss;
import io.gradstream.load.peer.PeerMlp;
import io.gradstream.load.peer.PeerModel;
import io.gradstream.load.peer.PeerNormalization;
import io.gradstream.load.peer.PeerOptimizer;
import io.gradstream.load.peer.PeerPrecision;
import io.gradstream.load.peer.PeerTables;
import io.gradstream.load.peer.PeerTrainer;
import io.gradstream.load.peer.PeerTransformer;
import io.gradstream.load.peer.PeerWideDeep;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** The translation of a training step of ours into libtorch's terms. */
public final class PeerTwin {
    private PeerTwin() {}

    /** A libtorch trainer for the same model, loss, optimizer and clipping. */
    public static PeerTrainer trainer(StepSpec spec, PeerPrecision precision) {
        return new PeerTrainer(
                model(spec.model()), loss(spec.loss()), optimizer(spec.optimizer()), clipNorm(spec.clip()), precision);
    }

    /** The same with tables of another kind. */
    public static PeerTrainer trainer(StepSpec spec, PeerPrecision precision, PeerTables tables) {
        return new PeerTrainer(
                model(spec.model()),
                loss(spec.loss()),
                optimizer(spec.optimizer()),
                clipNorm(spec.clip()),
                precision,
                tables);
    }

    static PeerModel model(ModelSpec spec) {
        if (spec.lowRank().isPresent()) {
            throw new IllegalArgumentException("the peer has no adapters: model=" + spec);
        }
        PeerInputs inputs = inputs(spec.inputs());
        return switch (spec.architecture()) {
            case Architecture.Linear() -> new PeerLinear(inputs, spec.outputs());
            case Architecture.Mlp(
                    List<Integer> hidden,
                    Activation activation,
                    Normalization normalization,
                    double dropout)
            when dropout == 0 ->
                new PeerMlp(inputs, hidden, activation(activation), normalization(normalization), spec.outputs());
            case WideDeep(List<Integer> hidden, Activation activation) ->
                new PeerWideDeep(inputs, hidden, activation(activation), spec.outputs());
            case DeepFm(List<Integer> hidden, Activation activation) ->
                new PeerDeepFm(inputs, hidden, activation(activation));
            case Dlrm(List<Integer> bottom, List<Integer> hidden, Activation activation) ->
                new PeerDlrm(inputs, bottom, hidden, activation(activation), spec.outputs());
            case DeepCross(int layers, Cross.Form form, List<Integer> hidden, Activation activation) ->
                new PeerDeepCross(inputs, layers, form(form), hidden, activation(activation), spec.outputs());
            case GruModel(int units, Truncation truncation, List<Integer> hidden, Activation activation)
            when truncation.equals(Truncation.NONE) ->
                new PeerGru(inputs, units, hidden, activation(activation), spec.outputs());
            case TransformerModel(
                    int layers,
                    int heads,
                    int feedForward,
                    double dropout,
                    List<Integer> hidden,
                    Activation activation)
            when dropout == 0 ->
                new PeerTransformer(inputs, layers, heads, feedForward, hidden, activation(activation), spec.outputs());
            case Autoencoder(List<Integer> hidden, Activation activation) ->
                new PeerAutoencoder(inputs, hidden, activation(activation));
            case Architecture.Mlp _, GruModel _, TransformerModel _, Custom _ ->
                throw new IllegalArgumentException("the peer has no such model: model=" + spec.architecture());
        };
    }

    private static PeerInputs inputs(List<InputColumn> columns) {
        List<PeerInput> inputs = new ArrayList<>();
        for (InputColumn column : columns) {
            inputs.add(
                    switch (column) {
                        case InputColumn.Numeric numeric -> new PeerInput.Dense(numeric.width());
                        case InputColumn.Categorical table ->
                            new PeerInput.Table(table.name(), table.buckets(), table.dimension());
                        case InputColumn.Bag bag ->
                            new PeerInput.Bag(
                                    bag.name(), bag.buckets(), bag.dimension(), bag.combine() == Combine.MEAN);
                        case InputColumn.Sequence sequence ->
                            new PeerInput.Sequence(
                                    sequence.name(), sequence.buckets(), sequence.dimension(), sequence.length());
                    });
        }
        return new PeerInputs(joinNeighbours(inputs));
    }

    private static List<PeerInput> joinNeighbours(List<PeerInput> inputs) {
        List<PeerInput> joined = new ArrayList<>();
        for (PeerInput input : inputs) {
            if (input instanceof PeerInput.Dense(int width)
                    && !joined.isEmpty()
                    && joined.getLast() instanceof PeerInput.Dense(int before)) {
                joined.set(joined.size() - 1, new PeerInput.Dense(before + width));
            } else {
                joined.add(input);
            }
        }
        return joined;
    }

    private static PeerActivation activation(Activation activation) {
        return switch (activation) {
            case RELU -> PeerActivation.RELU;
            case LEAKY_RELU -> PeerActivation.LEAKY_RELU;
            case ELU -> PeerActivation.ELU;
            case SIGMOID -> PeerActivation.SIGMOID;
            case TANH -> PeerActivation.TANH;
            case GELU -> PeerActivation.GELU;
            case SILU -> PeerActivation.SILU;
            case SOFTPLUS -> PeerActivation.SOFTPLUS;
        };
    }

    private static PeerNormalization normalization(Normalization normalization) {
        return switch (normalization) {
            case NONE -> PeerNormalization.NONE;
            case BATCH -> PeerNormalization.BATCH;
            case LAYER -> PeerNormalization.LAYER;
        };
    }

    private static PeerDeepCross.Form form(Cross.Form form) {
        return switch (form) {
            case VECTOR -> PeerDeepCross.Form.VECTOR;
            case MATRIX -> PeerDeepCross.Form.MATRIX;
        };
    }

    private static PeerLoss loss(Loss loss) {
        return switch (loss) {
            case Loss.BinaryCrossEntropy(double positiveWeight) -> new PeerLoss.BinaryCrossEntropy(positiveWeight);
            case Loss.CrossEntropy(double smoothing, List<Double> weights) ->
                new PeerLoss.CrossEntropy(smoothing, weights);
            case Loss.SquaredError() -> PeerLoss.MSE;
            case Loss.AbsoluteError() -> new PeerLoss.AbsoluteError();
            case Loss.Huber(double threshold) -> new PeerLoss.Huber(threshold);
            case Loss.Poisson() -> new PeerLoss.Poisson();
            case Loss.Reconstruction() -> new PeerLoss.Reconstruction();
        };
    }

    private static PeerOptimizer optimizer(OptimizerSpec optimizer) {
        return switch (optimizer) {
            case OptimizerSpec.Sgd(double momentum, double dampening, boolean nesterov, double weightDecay) ->
                new PeerOptimizer.Sgd(momentum, dampening, nesterov, weightDecay);
            case OptimizerSpec.Adam(
                    double beta1,
                    double beta2,
                    double epsilon,
                    double weightDecay,
                    boolean decoupled) -> new PeerOptimizer.AdamLike(beta1, beta2, epsilon, weightDecay, decoupled);
            case OptimizerSpec.Adagrad(double rateDecay, double weightDecay, double initial, double epsilon) ->
                new PeerOptimizer.AdagradLike(rateDecay, weightDecay, initial, epsilon);
            case OptimizerSpec.Rmsprop(
                    double alpha,
                    double epsilon,
                    double weightDecay,
                    double momentum,
                    boolean centered) -> new PeerOptimizer.RmspropLike(alpha, epsilon, weightDecay, momentum, centered);
            case OptimizerSpec.Lion _, OptimizerSpec.Adafactor _, OptimizerSpec.QuantizedAdam _, OptimizerSpec.Ftrl _ ->
                throw new IllegalArgumentException("libtorch has no such optimizer: optimizer=" + optimizer);
        };
    }

    private static OptionalDouble clipNorm(Clip clip) {
        return switch (clip) {
            case Clip.Off() -> OptionalDouble.empty();
            case Clip.Norm(double maximum) -> OptionalDouble.of(maximum);
            case Clip.Value _, Clip.GroupNorm _ ->
                throw new IllegalArgumentException("the peer clips by norm only: clip=" + clip);
        };
    }
}
