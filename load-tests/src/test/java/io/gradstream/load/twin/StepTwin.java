package io.gradstream.load.twin;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.ParameterView;
import io.gradstream.autodiff.step.StepSpec;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.load.peer.PeerBatch;
import io.gradstream.load.peer.PeerPrecision;
import io.gradstream.load.peer.PeerRows;
import io.gradstream.load.peer.PeerTrainer;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/**
 * Our training step beside libtorch's in float and in double: the same first weights and the same weighted micro-batches, the
 * last step cut short. See {@link Agreement} for what agreement means.
 */
record StepTwin(StepSpec spec, int steps, double learningRate) {
    private static final int FEW_ROWS = 5;

    /** Fails where a loss, a prediction, or what the model keeps behind the last step differs. */
    void requireAgreement() {
        try (Device device = CpuDevice.open();
                TrainingStep ours = new TrainingStep(spec, device);
                MicroBatch microBatch = new MicroBatch(spec.model(), spec.microBatch());
                PeerTrainer peer = PeerTwin.trainer(spec, PeerPrecision.FLOAT);
                PeerTrainer truth = PeerTwin.trainer(spec, PeerPrecision.DOUBLE)) {
            SequencedMap<String, float[]> first = FirstWeights.of(spec.model(), 3);
            first.forEach((name, values) -> OurWeights.set(ours, name, values));
            peer.setParameters(first);
            truth.setParameters(first);
            SyntheticRows rows = new SyntheticRows(spec.model(), spec.loss(), true, 5);
            for (int step = 1; step <= steps; step++) {
                List<PeerRows> parts = step == steps ? cutShort(rows) : parts(rows);
                double weight =
                        parts.stream().mapToDouble(PeerRows::totalWeight).sum();
                double theirLoss = 0;
                for (PeerRows part : parts) {
                    MicroBatches.fill(microBatch, spec.loss(), part);
                    ours.accumulate(microBatch);
                    float[] predicted = predictions(ours, part.count());
                    theirLoss += accumulate(peer, part, weight, predicted);
                    accumulate(truth, part, weight, predicted);
                }
                peer.step(learningRate);
                truth.step(learningRate);
                Agreement.of("loss of step " + step, ours.step(learningRate).loss(), theirLoss)
                        .require();
            }
            for (ParameterView parameter : ours.parameters()) {
                String name = parameter.name();
                Agreement.of(name, parameter.values(), peer.parameterValues(name))
                        .require();
                Agreement.of(name, parameter.values(), truth.parameterValues(name))
                        .require();
            }
        }
    }

    private List<PeerRows> parts(SyntheticRows rows) {
        List<PeerRows> parts = new ArrayList<>();
        for (int i = 0; i < spec.accumulate(); i++) {
            parts.add(rows.next(spec.microBatch()));
        }
        return parts;
    }

    private List<PeerRows> cutShort(SyntheticRows rows) {
        return List.of(parts(rows).getFirst(), rows.next(FEW_ROWS));
    }

    private static double accumulate(PeerTrainer trainer, PeerRows rows, double weight, float[] predicted) {
        try (PeerBatch batch = trainer.batch(rows)) {
            Agreement.of("predictions", predicted, trainer.predictions(batch)).require();
            return trainer.accumulate(batch, weight);
        }
    }

    private float[] predictions(TrainingStep step, int rows) {
        return step.predictions()
                .asSlice(0, (long) rows * spec.model().outputs() * Float.BYTES)
                .toArray(JAVA_FLOAT);
    }
}
