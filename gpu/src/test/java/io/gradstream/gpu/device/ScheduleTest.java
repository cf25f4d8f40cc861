package io.gradstream.gpu.device;

import static io.gradstream.gpu.device.DependenciesTest.dependencies;
import static io.gradstream.gpu.device.DependenciesTest.effects;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.gpu.device.Effects.Stretch;
import io.gradstream.gpu.device.Schedule.Turn;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Chains stay in one lane, what is independent spreads, and every call waits for all that it depends on. */
class ScheduleTest {
    private static final int LANES = 3;

    @Test
    void aChainTakesTheFirstLaneAndWaitsForNothing() {
        Dependencies chain = dependencies(
                effects(List.of(), value(0)),
                effects(List.of(value(0)), value(1)),
                effects(List.of(value(1)), value(2)),
                effects(List.of(value(0), value(2)), value(3)));

        assertThat(Schedule.of(chain, LANES, _ -> false)).allMatch(new Turn(0, List.of())::equals);
    }

    @Test
    void independentCallsSpreadOverAllLanes() {
        Dependencies wide = dependencies(IntStream.range(0, 6)
                .mapToObj(i -> effects(List.of(), value(i)))
                .toArray(Effects[]::new));

        assertThat(Schedule.of(wide, LANES, _ -> false)).extracting(Turn::lane).containsExactly(0, 1, 2, 0, 1, 2);
    }

    @Test
    void aJoinWaitsForTheLastCallOfEveryOtherLane() {
        Effects join = effects(List.of(value(0), value(1), value(2), value(3)), value(4));
        Dependencies wide = dependencies(
                effects(List.of(), value(0)),
                effects(List.of(), value(1)),
                effects(List.of(), value(2)),
                effects(List.of(), value(3)),
                join);

        assertThat(Schedule.of(wide, LANES, _ -> false)).endsWith(new Turn(0, List.of(2, 1)));
    }

    @Test
    void theLongerWayGoesOnInItsLane() {
        Dependencies fork = dependencies(
                effects(List.of(), value(0)),
                effects(List.of(value(0)), value(1)),
                effects(List.of(value(0)), value(2)),
                effects(List.of(value(2)), value(3)));

        assertThat(Schedule.of(fork, LANES, _ -> false))
                .containsExactly(
                        new Turn(0, List.of()),
                        new Turn(1, List.of(0)),
                        new Turn(0, List.of()),
                        new Turn(0, List.of()));
    }

    @Test
    void whatOnlyTheFirstLaneCanDoIsDoneThere() {
        Dependencies wide =
                dependencies(effects(List.of(), value(0)), effects(List.of(), value(1)), effects(List.of(), value(2)));

        assertThat(Schedule.of(wide, LANES, call -> call == 1))
                .extracting(Turn::lane)
                .startsWith(0, 0);
    }

    /** Whatever depends on what: who follows the lanes and the waits alone comes after all that matters. */
    @Test
    void everyCallWaitsForAllThatItDependsOn() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            Dependencies dependencies = dependencies(IntStream.range(0, 40)
                    .mapToObj(_ -> effects(List.of(value(random.nextInt(12))), value(random.nextInt(12))))
                    .toArray(Effects[]::new));
            List<BitSet> reached = reached(Schedule.of(dependencies, LANES, _ -> random.nextInt(4) == 0));

            for (int call = 0; call < dependencies.calls(); call++) {
                for (int before : dependencies.direct(call)) {
                    assertThat(reached.get(call).get(before))
                            .as("call %s after %s, seed %s", call, before, seed)
                            .isTrue();
                }
            }
        }
    }

    /** For each call those that come before it, by lanes and waits. */
    private static List<BitSet> reached(List<Turn> turns) {
        List<BitSet> reached = new ArrayList<>();
        Map<Integer, Integer> tails = new HashMap<>();
        for (Turn turn : turns) {
            BitSet here = new BitSet();
            List<Integer> before = new ArrayList<>(turn.after());
            if (tails.containsKey(turn.lane())) {
                before.add(tails.get(turn.lane()));
            }
            before.forEach(call -> {
                here.set(call);
                here.or(reached.get(call));
            });
            tails.put(turn.lane(), reached.size());
            reached.add(here);
        }
        return reached;
    }

    private static Stretch value(int number) {
        return new Stretch(64L * number, 64L * number + 64);
    }
}
