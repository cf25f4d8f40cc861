package io.gradstream.load.peer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The training loop a PyTorch user writes: forward, backward, clip, step, zero. Parameters start at zero. */
public final class PeerTrainer implements AutoCloseable {
    private static final double CLIP_EPSILON = 1e-6;

    private final PeerModel model;
    private final PeerLoss loss;
    private final PeerPrecision precision;
    private final OptionalDouble clipNorm;
    private final SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
    private final PeerWeights inTraining;
    private final PeerWeights inEvaluation;
    private final TensorVector parameterVector;
    private final Optional<SparseTables> sparse;
    private final Optimizer optimizer;

    public PeerTrainer(
            PeerModel model, PeerLoss loss, PeerOptimizer optimizer, OptionalDouble clipNorm, PeerPrecision precision) {
        this(model, loss, optimizer, clipNorm, precision, PeerTables.DENSE);
    }

    public PeerTrainer(
            PeerModel model,
            PeerLoss loss,
            PeerOptimizer optimizer,
            OptionalDouble clipNorm,
            PeerPrecision precision,
            PeerTables tables) {
        Libtorch.require();
        this.model = model;
        this.loss = loss;
        this.precision = precision;
        this.clipNorm = clipNorm;
        this.inTraining = PeerWeights.inTraining(parameters, tables);
        this.inEvaluation = PeerWeights.inEvaluation(parameters, tables);
        List<Tensor> sparseTables = new ArrayList<>();
        List<Tensor> dense = new ArrayList<>();
        for (PeerParameter parameter : model.parameters()) {
            Tensor tensor = first(parameter, precision.parameters());
            parameters.put(parameter.name(), tensor);
            switch (parameter.kind()) {
                case TRAINED -> dense.add(tensor);
                case TABLE -> (tables == PeerTables.SPARSE ? sparseTables : dense).add(tensor);
                case STATE -> {}
            }
        }
        this.sparse =
                sparseTables.isEmpty() ? Optional.empty() : Optional.of(new SparseTables(optimizer, sparseTables));
        this.parameterVector = new TensorVector(dense.toArray(Tensor[]::new));
        this.optimizer = optimizer.over(parameterVector);
    }

    private static Tensor first(PeerParameter parameter, ScalarType type) {
        try (TensorOptions options = new TensorOptions(type);
                Scalar first = new Scalar(parameter.first())) {
            Tensor tensor = torch.full(parameter.shape(), first, options);
            tensor.set_requires_grad(parameter.kind() != PeerParameter.Kind.STATE);
            return tensor;
        }
    }

    /** Makes tensors of rows; the caller closes them. */
    public PeerBatch batch(PeerRows rows) {
        return new PeerBatch(loss, precision.parameters(), rows);
    }

    /** Overwrites all that is trained; every one must be named. */
    public void setParameters(Map<String, float[]> values) {
        Set<String> trained = new TreeSet<>();
        model.parameters().stream()
                .filter(parameter -> parameter.kind() != PeerParameter.Kind.STATE)
                .forEach(parameter -> trained.add(parameter.name()));
        if (!trained.equals(values.keySet())) {
            throw new IllegalArgumentException("models must have the same parameters: given="
                    + new TreeSet<>(values.keySet()) + " parameters=" + trained);
        }
        values.forEach(this::setParameter);
    }

    /** Overwrites a parameter. */
    public void setParameter(String name, float[] values) {
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            Tensor source = PeerBatch.tensor(values, precision.parameters(), values.length);
            inTraining.get(name).view(-1).copy_(source);
        }
    }

    /** The present values of a parameter, row by row. */
    public double[] parameterValues(String name) {
        return values(inTraining.get(name).detach());
    }

    /**
     * Adds the gradient of {@code Σ weight·loss / totalWeight} over these rows, and returns that sum: micro-batches of
     * one step share the step's total weight.
     */
    public double accumulate(PeerBatch batch, double totalWeight) {
        try (PointerScope _ = new PointerScope()) {
            Tensor sum = autocast(batch, totalWeight);
            sum.backward();
            return sum.item_double();
        }
    }

    /** What the model answers for each row: logits, or values for a squared loss. */
    public double[] outputs(PeerBatch batch) {
        try (PointerScope _ = new PointerScope()) {
            return values(model.forward(batch, inEvaluation).detach());
        }
    }

    /** What the model predicts for each row by what it has learned so far. */
    public double[] predictions(PeerBatch batch) {
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            return values(loss.predictions(model.forward(batch, inEvaluation)));
        }
    }

    /** Clips, steps and zeroes; returns the norm of the gradient before clipping where clipping is on, else NaN. */
    public double step(double learningRate) {
        try (PointerScope _ = new PointerScope()) {
            sparse.ifPresent(SparseTables::collect);
            double norm = sparse.isPresent() ? clipAll(sparse.get()) : clipDense();
            sparse.ifPresent(tables -> tables.step(learningRate));
            optimizer.param_groups().get(0).options().set_lr(learningRate);
            optimizer.step();
            optimizer.zero_grad();
            return norm;
        }
    }

    private double clipDense() {
        return clipNorm.isPresent() ? torch.clip_grad_norm_(parameterVector, clipNorm.getAsDouble()) : Double.NaN;
    }

    /** What clip_grad_norm_ does, which takes no sparse gradients. */
    private double clipAll(SparseTables tables) {
        if (clipNorm.isEmpty()) {
            return Double.NaN;
        }
        double squared = tables.squaredNorm();
        for (long i = 0; i < parameterVector.size(); i++) {
            double norm = parameterVector.get(i).grad().norm().item_double();
            squared += norm * norm;
        }
        double norm = Math.sqrt(squared);
        double coefficient = Math.min(1, clipNorm.getAsDouble() / (norm + CLIP_EPSILON));
        if (coefficient < 1) {
            tables.scale(coefficient);
            for (long i = 0; i < parameterVector.size(); i++) {
                parameterVector.get(i).grad().mul_(new Scalar(coefficient));
            }
        }
        return norm;
    }

    private Tensor autocast(PeerBatch batch, double totalWeight) {
        if (precision != PeerPrecision.BFLOAT16_AUTOCAST) {
            return weightedLoss(batch, totalWeight);
        }
        // The cache of cast weights would outlive the step and keep old weights; each weight is cast once anyway.
        torch.set_autocast_cache_enabled(false);
        torch.set_autocast_dtype(DeviceType.CPU, ScalarType.BFloat16);
        torch.set_autocast_enabled(DeviceType.CPU, true);
        try {
            return weightedLoss(batch, totalWeight);
        } finally {
            torch.set_autocast_enabled(DeviceType.CPU, false);
        }
    }

    private Tensor weightedLoss(PeerBatch batch, double totalWeight) {
        Tensor output = model.forward(batch, inTraining);
        if (batch.weight().isPresent()) {
            Tensor rows = loss.of(output, batch.label(), PeerLoss.Reduction.NONE);
            return rows.mul(batch.weight().get()).sum().div(new Scalar(totalWeight));
        }
        return batch.rows().count() == totalWeight
                ? loss.of(output, batch.label(), PeerLoss.Reduction.MEAN)
                : loss.of(output, batch.label(), PeerLoss.Reduction.SUM).div(new Scalar(totalWeight));
    }

    private static double[] values(Tensor tensor) {
        try (PointerScope _ = new PointerScope()) {
            Tensor wide = tensor.to(ScalarType.Double).contiguous();
            double[] values = new double[Math.toIntExact(wide.numel())];
            wide.data_ptr_double().get(values);
            return values;
        }
    }

    @Override
    public void close() {
        optimizer.close();
        sparse.ifPresent(SparseTables::close);
        parameterVector.close();
        parameters.values().forEach(Pointer::close);
    }
}
