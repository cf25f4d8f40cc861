package io.gradstream.load.peer;

import java.util.Optional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** An encoder layer of [rows, length, width] that normalizes before each branch, by PyTorch's fused attention. */
record PeerTransformerBlock(String name, int width, int heads, int feedForward, PeerActivation activation) {
    void declare(PeerParameters parameters) {
        parameters
                .linear(name + ".self_attn.in_proj", width, 3L * width)
                .linear(name + ".self_attn.out_proj", width, width)
                .linear(name + ".linear1", width, feedForward)
                .linear(name + ".linear2", feedForward, width)
                .norm(name + ".norm1", width)
                .norm(name + ".norm2", width);
    }

    /**
     * What the items become.
     *
     * @param visible [rows, length]: which items are seen; absent where all are
     */
    Tensor forward(Tensor x, Optional<Tensor> visible, PeerWeights weights) {
        Tensor seen = x.add(attend(weights.layerNorm(x, name + ".norm1"), visible, weights));
        Tensor inner = activation.apply(weights.linear(weights.layerNorm(seen, name + ".norm2"), name + ".linear1"));
        return seen.add(weights.linear(inner, name + ".linear2"));
    }

    private Tensor attend(Tensor x, Optional<Tensor> visible, PeerWeights weights) {
        long rows = x.size(0);
        long length = x.size(1);
        TensorVector maps = weights.linear(x, name + ".self_attn.in_proj").split(width, 2);
        Tensor seen = torch.scaled_dot_product_attention(
                heads(maps.get(0)),
                heads(maps.get(1)),
                heads(maps.get(2)),
                visible.map(keys -> new TensorOptional(keys.view(rows, 1, 1, length)))
                        .orElseGet(TensorOptional::new),
                0,
                false,
                new DoubleOptional(),
                false);
        return weights.linear(seen.transpose(1, 2).reshape(rows, length, width), name + ".self_attn.out_proj");
    }

    private Tensor heads(Tensor map) {
        return map.view(map.size(0), map.size(1), heads, width / heads).transpose(1, 2);
    }
}
