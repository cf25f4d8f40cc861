package io.gradstream.pipeline.trainer;

import io.gradstream.connectors.topic.JournalRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What steps were made of, back to the oldest state that the model can go back to: those of before from the journal, those since then from
 * memory, because they may not be in the journal yet. One thread at a time.
 */
public final class StepHistory {
    /** What the journal knew when this began. */
    @FunctionalInterface
    public interface Earlier {
        /** The steps behind one and up to another. */
        List<JournalRecord> between(long after, long to);
    }

    private final Earlier earlier;
    private final int states;
    private final NavigableMap<Long, JournalRecord> recent = new TreeMap<>();
    private final Deque<Long> kept = new ArrayDeque<>();

    /** @param states how many states there are to go back to */
    public StepHistory(Earlier earlier, int states) {
        this.earlier = earlier;
        this.states = states;
    }

    void add(JournalRecord step) {
        recent.put(step.step(), step);
    }

    /** The state after this step is one to go back to, and takes the place of the oldest. */
    void kept(long step) {
        kept.add(step);
        if (kept.size() > states) {
            kept.remove();
            recent.headMap(kept.element(), true).clear();
        }
    }

    /** The steps behind one and up to another that learned from rows for the first time. */
    List<JournalRecord> between(long after, long to) {
        long first = recent.isEmpty() ? Long.MAX_VALUE : recent.firstKey();
        List<JournalRecord> steps = new ArrayList<>();
        if (after + 1 < first) {
            steps.addAll(earlier.between(after, Math.min(to, first - 1)));
        }
        steps.addAll(recent.subMap(after, false, to, true).values());
        steps.removeIf(step -> step.ranges().isEmpty() || step.again().isPresent());
        return steps;
    }
}
