package io.gradstream.load.bench;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.step.Precision;
import io.gradstream.load.peer.Libtorch;
import io.gradstream.load.peer.PeerTables;
import java.util.ArrayList;
import java.util.List;

/** Our training step in every precision, alone or against libtorch's, on each network of the table. */
final class StepRaces {
    private static final List<Precision> PRECISIONS = List.of(Precision.FP32, Precision.BF16);

    private final Device device;
    private final Race race;
    private final boolean withPeer;

    StepRaces(Device device, Race race, boolean withPeer) {
        this.device = device;
        this.race = race;
        this.withPeer = withPeer && Libtorch.whyMissing().isEmpty();
    }

    StepTimes run(Network network) {
        List<Contestant> contestants = new ArrayList<>();
        try {
            for (Precision precision : PRECISIONS) {
                contestants.add(new OurContestant(network, precision, device));
                if (withPeer) {
                    contestants.add(new PeerContestant(network, precision, PeerTables.DENSE));
                    if (network.hasTables()) {
                        contestants.add(new PeerContestant(network, precision, PeerTables.SPARSE));
                    }
                }
            }
            return new StepTimes(network, race.run(contestants));
        } finally {
            contestants.forEach(Contestant::close);
        }
    }
}
