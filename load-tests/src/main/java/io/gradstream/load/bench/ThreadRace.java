package io.gradstream.load.bench;

import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.step.Precision;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * Our training step of one network with one thread and with two, by turns in one run. What both compute is the same to the bit.
 *
 * @param one the median with one thread in microseconds
 * @param two the median with two
 */
record ThreadRace(Network network, Precision precision, double one, double two) {

    static ThreadRace run(Network network, Precision precision, Race race) {
        try (CpuDevice alone = CpuDevice.open(1);
                CpuDevice pair = CpuDevice.open(2);
                OurContestant first = new OurContestant("1 thread", network, precision, alone);
                OurContestant second = new OurContestant("2 threads", network, precision, pair)) {
            SequencedMap<String, Double> nanos = race.run(List.of(first, second));
            return new ThreadRace(
                    network,
                    precision,
                    nanos.firstEntry().getValue() / 1000,
                    nanos.lastEntry().getValue() / 1000);
        }
    }

    String describe() {
        return String.format(
                Locale.ROOT,
                "%s, %s: 1 thread %.1f µs, 2 threads %.1f µs, %.2f times as fast",
                network.title(),
                precision,
                one,
                two,
                one / two);
    }
}
