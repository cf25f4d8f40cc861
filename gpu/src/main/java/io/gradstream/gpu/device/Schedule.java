package io.gradstream.gpu.device;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The lane of every call: lanes work side by side, and the calls of one lane come one after the other. Every call counts as one unit of
 * time. What others wait for longest goes on in the lane of what it waits for; anything else goes where it can begin first. Lane 0 is the one
 * that a chain of calls takes.
 */
final class Schedule {
    private static final int NONE = -1;

    private final Dependencies dependencies;
    private final int[] heirs;
    private final int[] ends;
    private final int[] tails;
    private final List<BitSet> reached = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();

    /**
     * Where a call has its turn.
     *
     * @param after calls of other lanes that it must wait for, besides all that came before it in its own
     */
    record Turn(int lane, List<Integer> after) {
        Turn {
            after = List.copyOf(after);
        }
    }

    /**
     * @param lanes how many there are
     * @param first the calls that only lane 0 can do
     */
    private Schedule(Dependencies dependencies, int lanes, IntPredicate first) {
        this.dependencies = dependencies;
        heirs = heirs(dependencies);
        ends = new int[dependencies.calls()];
        tails = new int[lanes];
        Arrays.fill(tails, NONE);
        for (int call = 0; call < dependencies.calls(); call++) {
            add(call, first.test(call) ? 0 : lane(call));
        }
    }

    /** The turn of every call. */
    static List<Turn> of(Dependencies dependencies, int lanes, IntPredicate first) {
        return List.copyOf(new Schedule(dependencies, lanes, first).turns);
    }

    /** For each call the one that waits for it directly and has the longest way to the end. */
    private static int[] heirs(Dependencies dependencies) {
        int[] heirs = new int[dependencies.calls()];
        int[] ways = new int[dependencies.calls()];
        Arrays.fill(heirs, NONE);
        for (int call = heirs.length - 1; call >= 0; call--) {
            for (int before : dependencies.direct(call)) {
                if (ways[before] <= ways[call] + 1) {
                    ways[before] = ways[call] + 1;
                    heirs[before] = call;
                }
            }
        }
        return heirs;
    }

    private int lane(int call) {
        int best = 0;
        for (int lane = 0; lane < tails.length; lane++) {
            if (tails[lane] != NONE && heirs[tails[lane]] == call) {
                return lane;
            }
            if (cost(call, lane) < cost(call, best)) {
                best = lane;
            }
        }
        return best;
    }

    /** When a call could begin in a lane, and then whether it would take the place of an heir that is to come. */
    private long cost(int call, int lane) {
        boolean awaited = tails[lane] != NONE && heirs[tails[lane]] > call;
        return 2L * begin(call, lane) + (awaited ? 1 : 0);
    }

    private int begin(int call, int lane) {
        int begin = tails[lane] == NONE ? 0 : ends[tails[lane]];
        for (int before : dependencies.direct(call)) {
            begin = Math.max(begin, ends[before]);
        }
        return begin;
    }

    private void add(int call, int lane) {
        BitSet passed = new BitSet();
        if (tails[lane] != NONE) {
            pass(tails[lane], passed);
        }
        List<Integer> after = new ArrayList<>();
        for (int before : dependencies.direct(call)) {
            if (!passed.get(before)) {
                after.add(before);
                pass(before, passed);
            }
        }
        ends[call] = begin(call, lane) + 1;
        tails[lane] = call;
        reached.add(passed);
        turns.add(new Turn(lane, after));
    }

    private void pass(int call, BitSet passed) {
        passed.set(call);
        passed.or(reached.get(call));
    }
}
