package io.gradstream.load.peer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The training loop a PyTorch user writes: forward, backward, clip, step, zero. Parameters start at zero. */
public final class PeerTrainer implements AutoCloseable {
    private static final long SUM_OF_BAG = 0;
    private static final long MEAN_OF_BAG = 1;
    private static final long NO_PADDING = -1;
    private static final double CLIP_EPSILON = 1e-6;

    private final PeerModel model;
    private final PeerLoss loss;
    private final PeerPrecision precision;
    private final OptionalDouble clipNorm;
    private final SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
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
        model.parameters().forEach((name, shape) -> parameters.put(name, zeros(shape, precision.parameters())));
        List<Tensor> sparseTables = new ArrayList<>();
        List<Tensor> dense = new ArrayList<>();
        parameters.forEach((name, parameter) -> {
            boolean isSparse = tables == PeerTables.SPARSE && model.isTable(name);
            (isSparse ? sparseTables : dense).add(parameter);
        });
        this.sparse =
                sparseTables.isEmpty() ? Optional.empty() : Optional.of(new SparseTables(optimizer, sparseTables));
        this.parameterVector = new TensorVector(dense.toArray(Tensor[]::new));
        this.optimizer = optimizer.over(parameterVector);
    }

    private static Tensor zeros(long[] shape, ScalarType type) {
        try (TensorOptions options = new TensorOptions(type)) {
            Tensor zeros = torch.zeros(shape, options);
            zeros.set_requires_grad(true);
            return zeros;
        }
    }

    /** Makes tensors of rows; the caller closes them. */
    public PeerBatch batch(PeerRows rows) {
        return new PeerBatch(model, loss, precision.parameters(), rows);
    }

    /** Overwrites a parameter. */
    public void setParameter(String name, float[] values) {
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            Tensor source = PeerBatch.tensor(values, precision.parameters(), values.length);
            parameter(name).view(-1).copy_(source);
        }
    }

    /** The present values of a parameter, row by row. */
    public double[] parameterValues(String name) {
        return values(parameter(name).detach());
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
            return values(forward(batch).detach());
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
        Tensor output = forward(batch);
        if (batch.weight().isPresent()) {
            Tensor rows = loss.of(output, batch.label(), PeerLoss.Reduction.NONE);
            return rows.mul(batch.weight().get()).sum().div(new Scalar(totalWeight));
        }
        return batch.rows().count() == totalWeight
                ? loss.of(output, batch.label(), PeerLoss.Reduction.MEAN)
                : loss.of(output, batch.label(), PeerLoss.Reduction.SUM).div(new Scalar(totalWeight));
    }

    private Tensor forward(PeerBatch batch) {
        Tensor x = input(batch);
        for (int i = 0; i < model.layers(); i++) {
            x = i == 0 ? x : model.activation().apply(x);
            x = torch.linear(
                    x, parameter(model.layer(i) + ".weight"), new TensorOptional(parameter(model.layer(i) + ".bias")));
        }
        return x;
    }

    private Tensor input(PeerBatch batch) {
        TensorVector blocks = new TensorVector();
        int column = 0;
        int table = 0;
        int bag = 0;
        for (PeerInput input : model.inputs()) {
            switch (input) {
                case PeerInput.Dense dense -> {
                    blocks.push_back(
                            dense.width() == model.denseColumns()
                                    ? batch.dense()
                                    : batch.dense().narrow(1, column, dense.width()));
                    column += dense.width();
                }
                case PeerInput.Table ids -> {
                    blocks.push_back(torch.embedding(
                            parameter(PeerModel.table(ids.name())),
                            batch.table(table),
                            NO_PADDING,
                            false,
                            sparse.isPresent()));
                    table++;
                }
                case PeerInput.Bag ids -> {
                    blocks.push_back(bag(ids, batch.bagIds(bag), batch.bagOffsets(bag)));
                    bag++;
                }
            }
        }
        return blocks.size() == 1 ? blocks.get(0) : torch.cat(blocks, 1);
    }

    private Tensor bag(PeerInput.Bag bag, Tensor ids, Tensor offsets) {
        return torch.embedding_bag(
                        parameter(PeerModel.table(bag.name())),
                        ids,
                        offsets,
                        false,
                        bag.mean() ? MEAN_OF_BAG : SUM_OF_BAG,
                        sparse.isPresent(),
                        new TensorOptional(),
                        false)
                .get0();
    }

    private Tensor parameter(String name) {
        Tensor parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException(
                    "no such parameter: name=" + name + " parameters=" + parameters.keySet());
        }
        return parameter;
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
