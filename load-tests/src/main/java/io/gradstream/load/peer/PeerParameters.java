package io.gradstream.load.peer;

import io.gradstream.load.peer.PeerParameter.Kind;
import java.util.ArrayList;
import java.util.List;

/** What a model declares that it keeps, in the order of declaration. */
final class PeerParameters {
    private final List<PeerParameter> declared = new ArrayList<>();

    PeerParameters trained(String name, long... shape) {
        declared.add(new PeerParameter(name, shape, Kind.TRAINED, 0));
        return this;
    }

    PeerParameters table(String name, long buckets, long width) {
        declared.add(new PeerParameter(name, new long[] {buckets, width}, Kind.TABLE, 0));
        return this;
    }

    PeerParameters state(String name, double first, long... shape) {
        declared.add(new PeerParameter(name, shape, Kind.STATE, first));
        return this;
    }

    PeerParameters linear(String name, long inputs, long outputs) {
        return trained(name + ".weight", outputs, inputs).trained(name + ".bias", outputs);
    }

    PeerParameters norm(String name, long width) {
        return trained(name + ".weight", width).trained(name + ".bias", width);
    }

    List<PeerParameter> declared() {
        return List.copyOf(declared);
    }
}
