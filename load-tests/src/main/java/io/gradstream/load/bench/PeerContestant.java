package io.gradstream.load.bench;

import io.gradstream.autodiff.step.Precision;
import io.gradstream.load.peer.PeerBatch;
import io.gradstream.load.peer.PeerPrecision;
import io.gradstream.load.peer.PeerTables;
import io.gradstream.load.peer.PeerTrainer;
import io.gradstream.load.twin.FirstWeights;
import io.gradstream.load.twin.PeerTwin;

/** libtorch: forward, backward, clip, step and zero on tensors that are there already. */
final class PeerContestant implements Contestant {
    private final String name;
    private final PeerTrainer trainer;
    private final PeerBatch batch;
    private final double totalWeight;

    PeerContestant(Network network, Precision precision, PeerTables tables) {
        this.name = name(precision) + (tables == PeerTables.SPARSE ? " sparse" : "");
        this.trainer = PeerTwin.trainer(network.step(Precision.FP32), peerPrecision(precision), tables);
        trainer.setParameters(FirstWeights.of(network.model(), Network.SEED));
        this.batch = trainer.batch(network.rows());
        this.totalWeight = network.batch();
    }

    static String name(Precision precision) {
        return "libtorch " + precision;
    }

    private static PeerPrecision peerPrecision(Precision precision) {
        return switch (precision) {
            case FP32 -> PeerPrecision.FLOAT;
            case BF16 -> PeerPrecision.BFLOAT16_AUTOCAST;
            case FP16 -> throw new IllegalArgumentException("the peer has no fp16 on a CPU: precision=" + precision);
        };
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void step() {
        trainer.accumulate(batch, totalWeight);
        trainer.step(Network.LEARNING_RATE);
    }

    @Override
    public void close() {
        batch.close();
        trainer.close();
    }
}
