package io.gradstream.pipeline.trainer;

import io.gradstream.connectors.topic.JournalRecord;
import io.gradstream.connectors.topic.MetricEvent;
import io.gradstream.connectors.topic.MetricRecord;
import io.gradstream.connectors.topic.StepMetrics;
import io.gradstream.pipeline.batching.RejectedRecord;
import java.util.ArrayList;
import java.util.List;

/** What has happened since the last version and will be published with the next one. */
final class Pending {
    /** More than this makes a version due, whatever the configuration says: nothing grows without a bound. */
    static final long MAX_BYTES = 16L << 20;

    final List<MetricRecord> metrics = new ArrayList<>();
    final List<JournalRecord> journal = new ArrayList<>();
    final List<RejectedRecord> rejected = new ArrayList<>();
    final List<Runnable> acknowledgements = new ArrayList<>();
    private long bytes;

    void add(StepMetrics figures) {
        metrics.add(figures);
        bytes += 512 + 160L * figures.layers().size();
    }

    void add(MetricEvent event) {
        metrics.add(event);
        bytes += 512;
    }

    void add(JournalRecord rows) {
        journal.add(rows);
        bytes += 64 + 128L * rows.ranges().size();
    }

    void add(RejectedRecord record) {
        rejected.add(record);
        bytes += record.bytes();
    }

    boolean isFull() {
        return bytes >= MAX_BYTES;
    }

    void clear() {
        metrics.clear();
        journal.clear();
        rejected.clear();
        acknowledgements.clear();
        bytes = 0;
    }
}
