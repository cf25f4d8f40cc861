package io.gradstream.pipeline.trainer;

import io.gradstream.connectors.topic.JournalRecord;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.pipeline.batching.StepBatch;
import io.gradstream.pipeline.guard.Stretch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The steps that a rollback has undone and that are still to be learned from once more, in their order. One thread at a time. */
public final class UndoneSteps {
    /** A way to the rows of a step. */
    @FunctionalInterface
    public interface Reading {
        /** The rows of a step, encoded by features that know what they are told. */
        StepBatch read(JournalRecord step, List<NamedTensor> features);
    }

    private final StepHistory history;
    private final Reading reading;
    private final Deque<JournalRecord> left = new ArrayDeque<>();

    public UndoneSteps(StepHistory history, Reading reading) {
        this.history = history;
        this.reading = reading;
    }

    StepHistory history() {
        return history;
    }

    /** These and no others are undone. */
    void find(Stretch stretch) {
        left.clear();
        left.addAll(history.between(stretch.after(), stretch.to()));
    }

    int count() {
        return left.size();
    }

    JournalRecord take() {
        return left.remove();
    }

    void forget() {
        left.clear();
    }

    /** The rows of a step. */
    StepBatch read(JournalRecord step, List<NamedTensor> features) {
        return reading.read(step, features);
    }
}
