package io.gradstream.pipeline.operation;

import io.gradstream.connectors.topic.MetricRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Every metric record as it is made, for whoever listens, and the newest ones for whoever comes late. Nobody can hold up its maker. */
public final class Records {
    private static final int REMEMBERED = 300;

    private final Set<Mailbox> listeners = ConcurrentHashMap.newKeySet();
    private final Deque<MetricRecord> newest = new ArrayDeque<>();

    void tell(MetricRecord record) {
        synchronized (newest) {
            if (newest.size() == REMEMBERED) {
                newest.remove();
            }
            newest.add(record);
        }
        listeners.forEach(each -> each.put(record));
    }

    /** The newest records, oldest first. */
    public List<MetricRecord> newest() {
        synchronized (newest) {
            return List.copyOf(newest);
        }
    }

    /** Listens from now on until {@link #leave}, holding at most {@code room} records that are not taken yet. */
    public Mailbox listen(int room) {
        Mailbox mailbox = new Mailbox(room);
        listeners.add(mailbox);
        return mailbox;
    }

    public void leave(Mailbox mailbox) {
        listeners.remove(mailbox);
    }

    public int listeners() {
        return listeners.size();
    }
}
