package io.gradstream.gpu.device;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which calls must come after which: of calls that were written down one after the other, those that touch the same memory keep their order, unless
 * both only read it.
 */
final class Dependencies {
    private final List<BitSet> earlier = new ArrayList<>();
    private final List<List<Integer>> direct = new ArrayList<>();

    /** @param calls what each call does */
    Dependencies(List<Effects> calls) {
        for (int call = 0; call < calls.size(); call++) {
            add(calls, call);
        }
    }

    private void add(List<Effects> calls, int call) {
        BitSet all = new BitSet();
        List<Integer> needed = new ArrayList<>();
        for (int other = call - 1; other >= 0; other--) {
            if (!all.get(other) && calls.get(call).conflictsWith(calls.get(other))) {
                needed.add(other);
                all.set(other);
                all.or(earlier.get(other));
            }
        }
        direct.add(List.copyOf(needed));
        earlier.add(all);
    }

    int calls() {
        return direct.size();
    }

    /** The calls that a call comes after, the last one first, without those that come before another of them anyway. */
    List<Integer> direct(int call) {
        return direct.get(call);
    }

    /** Whether a call comes after another one, whatever order the card chooses. */
    boolean follows(int call, int other) {
        return earlier.get(call).get(other);
    }
}
