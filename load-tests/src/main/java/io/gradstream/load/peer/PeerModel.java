package io.gradstream.load.peer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** A model as a PyTorch user writes it: the parameters it has, and its outputs [rows, outputs] by PyTorch's operations. */
public sealed interface PeerModel
        permits PeerLinear,
                PeerMlp,
                PeerWideDeep,
                PeerDeepFm,
                PeerDlrm,
                PeerDeepCross,
                PeerGru,
                PeerTransformer,
                PeerAutoencoder {
    List<PeerParameter> parameters();

    Tensor forward(PeerBatch batch, PeerWeights weights);
}
