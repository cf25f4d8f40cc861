package io.gradstream.load.peer;

import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** The tensors that a model keeps, for one forward pass over them. */
final class PeerWeights {
    private static final double EPSILON = 1e-5;
    private static final double MOMENTUM = 0.1;
    private static final boolean USE_CUDNN = false;

    private final SequencedMap<String, Tensor> tensors;
    private final PeerTables tables;
    private final boolean training;

    private PeerWeights(SequencedMap<String, Tensor> tensors, PeerTables tables, boolean training) {
        this.tensors = tensors;
        this.tables = tables;
        this.training = training;
    }

    static PeerWeights inTraining(SequencedMap<String, Tensor> tensors, PeerTables tables) {
        return new PeerWeights(tensors, tables, true);
    }

    static PeerWeights inEvaluation(SequencedMap<String, Tensor> tensors, PeerTables tables) {
        return new PeerWeights(tensors, tables, false);
    }

    /** Whether the gradients of tables are sparse. */
    boolean sparse() {
        return tables == PeerTables.SPARSE;
    }

    Tensor get(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no such parameter: name=" + name + " parameters=" + tensors.keySet());
        }
        return tensor;
    }

    /** The affine map of a name. */
    Tensor linear(Tensor x, String name) {
        return torch.linear(x, get(name + ".weight"), new TensorOptional(get(name + ".bias")));
    }

    /** The layer normalization of a name. */
    Tensor layerNorm(Tensor x, String name) {
        Tensor weight = get(name + ".weight");
        return torch.layer_norm(
                x,
                new long[] {weight.numel()},
                new TensorOptional(weight),
                new TensorOptional(get(name + ".bias")),
                EPSILON,
                USE_CUDNN);
    }

    /** The batch normalization of a name; in training it moves its running statistics. */
    Tensor batchNorm(Tensor x, String name) {
        return torch.batch_norm(
                x,
                new TensorOptional(get(name + ".weight")),
                new TensorOptional(get(name + ".bias")),
                new TensorOptional(get(name + ".running_mean")),
                new TensorOptional(get(name + ".running_var")),
                training,
                MOMENTUM,
                EPSILON,
                USE_CUDNN);
    }
}
