package io.gradstream.load.bench;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.Precision;
import io.gradstream.autodiff.step.StepProfile;
import io.gradstream.autodiff.step.StepSpec;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.load.twin.FirstWeights;
import io.gradstream.load.twin.MicroBatches;
import io.gradstream.load.twin.OurWeights;

/** Our training step on a micro-batch that is there already. */
public final class OurContestant implements Contestant {
    private final String name;
    private final TrainingStep step;
    private final MicroBatch batch;

    public OurContestant(Network network, Precision precision, Device device) {
        this(name(precision), network, precision, device);
    }

    OurContestant(String name, Network network, Precision precision, Device device) {
        StepSpec spec = network.step(precision);
        this.name = name;
        this.step = new TrainingStep(spec, device);
        FirstWeights.of(network.model(), Network.SEED)
                .forEach((parameter, values) -> OurWeights.set(step, parameter, values));
        this.batch = new MicroBatch(network.model(), network.batch());
        MicroBatches.fill(batch, spec.loss(), network.rows());
    }

    static String name(Precision precision) {
        return "ours " + precision;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void step() {
        step.step(batch, Network.LEARNING_RATE);
    }

    /** Where the time of its steps goes. */
    public StepProfile profile(int steps) {
        return step.profile(batch, Network.LEARNING_RATE, steps);
    }

    @Override
    public void close() {
        batch.close();
        step.close();
    }
}
