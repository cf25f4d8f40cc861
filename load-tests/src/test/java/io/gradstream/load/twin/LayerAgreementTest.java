package io.gradstream.load.twin;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.BatchNorm;
import io.gradstream.autodiff.nn.Gru;
import io.gradstream.autodiff.nn.LayerNorm;
import io.gradstream.autodiff.nn.Linear;
import io.gradstream.autodiff.nn.LowRank;
import io.gradstream.autodiff.nn.Lstm;
import io.gradstream.autodiff.nn.MultiHeadAttention;
import io.gradstream.autodiff.nn.Parameters;
import io.gradstream.autodiff.nn.Recurrence;
import io.gradstream.autodiff.nn.RmsNorm;
import io.gradstream.autodiff.nn.Rnn;
import io.gradstream.autodiff.nn.TransformerBlock;
import io.gradstream.autodiff.nn.TransformerBlock.Order;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.load.peer.PeerLayer;
import io.gradstream.load.peer.PeerSight;
import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our layers against PyTorch's own: outputs, gradients and the weights of ten steps of SGD. */
@Needs(Tool.LIBTORCH)
class LayerAgreementTest {
    private static final Map<String, String> RECURRENT = Map.of(
            "input.weight", "weight_ih_l0",
            "input.bias", "bias_ih_l0",
            "hidden.weight", "weight_hh_l0",
            "hidden.bias", "bias_hh_l0");

    private static final Map<String, String> BLOCK = Map.of(
            "self_attn.in_proj.weight", "self_attn.in_proj_weight",
            "self_attn.in_proj.bias", "self_attn.in_proj_bias");

    private static final int LENGTH = 5;

    @Test
    void elmanNetwork() {
        try (PeerLayer peer = PeerLayer.rnn(3, 5)) {
            new LayerTwin((x, p) -> states(new Rnn(5), x, p), peer, RECURRENT, 4, 7, 3).requireAgreement();
        }
    }

    @Test
    void gru() {
        try (PeerLayer peer = PeerLayer.gru(3, 5)) {
            new LayerTwin((x, p) -> states(new Gru(5), x, p), peer, RECURRENT, 4, 7, 3).requireAgreement();
        }
    }

    @Test
    void lstm() {
        try (PeerLayer peer = PeerLayer.lstm(3, 5)) {
            new LayerTwin((x, p) -> states(new Lstm(5), x, p), peer, RECURRENT, 4, 7, 3).requireAgreement();
        }
    }

    @Test
    void layerNorm() {
        try (PeerLayer peer = PeerLayer.layerNorm(13)) {
            new LayerTwin((x, p) -> new LayerNorm().forward(x, p), peer, Map.of(), 4, 3, 13).requireAgreement();
        }
    }

    @Test
    void batchNorm() {
        try (PeerLayer peer = PeerLayer.batchNorm(13)) {
            Map<String, float[]> running = new LayerTwin(
                            (x, p) -> new BatchNorm().forward(x, ones(x), p), peer, Map.of(), 8, 13)
                    .requireAgreement();

            running.forEach(
                    (name, ours) -> Agreement.of(name, ours, peer.buffer(name)).require());
        }
    }

    @Test
    void multiHeadAttention() {
        Map<String, String> names = Map.of("in_proj.weight", "in_proj_weight", "in_proj.bias", "in_proj_bias");
        try (PeerLayer peer = PeerLayer.attention(8, 2)) {
            new LayerTwin(
                            (x, p) -> new MultiHeadAttention(2, false).forward(x, Optional.empty(), p),
                            peer,
                            names,
                            3,
                            5,
                            8)
                    .requireAgreement();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void adaptersOfLowRank(boolean decomposed) {
        LowRank adapters = new LowRank(2, 6, decomposed);
        try (PeerLayer peer = PeerLayer.adapted(7, 5, 2, 6, decomposed)) {
            new LayerTwin((x, p) -> new Linear(5).forward(x, p), peer, Map.of(), Optional.of(adapters), 4, 7)
                    .requireAgreement();
        }
    }

    @Test
    void rmsNorm() {
        try (PeerLayer peer = PeerLayer.rmsNorm(13, 1e-6)) {
            new LayerTwin((x, p) -> new RmsNorm().forward(x, p), peer, Map.of(), 4, 3, 13).requireAgreement();
        }
    }

    @TestFactory
    Stream<DynamicTest> transformerBlock() {
        return Stream.of(
                        PeerSight.all(LENGTH),
                        new PeerSight(3, false),
                        new PeerSight(LENGTH, true),
                        new PeerSight(4, true))
                .flatMap(sight -> Stream.of(Order.values())
                        .map(order -> dynamicTest(order + " " + sight, () -> transformerBlock(order, sight))));
    }

    private static void transformerBlock(Order order, PeerSight sight) {
        TransformerBlock block = new TransformerBlock(2, 12, Activation.GELU, 0, order, sight.causal());
        try (PeerLayer peer = switch (order) {
            case POST_NORM -> PeerLayer.encoder(8, 2, 12, sight);
            case PRE_NORM -> PeerLayer.encoderThatNormalizesFirst(8, 2, 12, sight);
        }) {
            new LayerTwin((x, p) -> block.forward(x, Optional.of(lengths(x, sight)), p), peer, BLOCK, 3, LENGTH, 8)
                    .requireAgreement();
        }
    }

    private static Tensor lengths(Tensor x, PeerSight sight) {
        return x.tape()
                .constant(sight.items(), DType.I32)
                .broadcast(Shape.of(x.shape().dim(0)));
    }

    private static Tensor ones(Tensor x) {
        return x.tape().constant(1, x.dtype()).broadcast(Shape.of(x.shape().dim(0)));
    }

    private static Tensor states(Recurrence layer, Tensor x, Parameters parameters) {
        List<Tensor> states = layer.forward(x, parameters).stream()
                .map(state -> state.reshape(state.shape().dim(0), 1, layer.units()))
                .toList();
        return Tensor.concat(1, states);
    }
}
