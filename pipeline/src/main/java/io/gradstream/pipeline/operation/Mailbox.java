package io.gradstream.pipeline.operation;

import io.gradstream.connectors.topic.MetricRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** The records that one listener has not taken yet. When it is full the oldest goes, and the listener is told how many went. */
public final class Mailbox {
    private final Queue<MetricRecord> records = new ArrayDeque<>();
    private final int room;
    private long missed;

    Mailbox(int room) {
        this.room = room;
    }

    synchronized void put(MetricRecord record) {
        if (records.size() == room) {
            records.remove();
            missed++;
        }
        records.add(record);
    }

    /** Everything there is, which is then no longer there. */
    public synchronized List<Heard> take() {
        List<Heard> heard = new ArrayList<>(records.size() + 1);
        if (missed > 0) {
            heard.add(new Heard.Missed(missed));
            missed = 0;
        }
        records.forEach(record -> heard.add(new Heard.Told(record)));
        records.clear();
        return heard;
    }
}
