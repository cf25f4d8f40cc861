package io.gradstream.connectors.kafka;

import java.util.concurrent.atomic.LongAdder;

/** What a publisher has done so far. */
final class PublisherCounters {
    final LongAdder committed = new LongAdder();
    final LongAdder committedNanos = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder records = new LongAdder();
    final LongAdder bytes = new LongAdder();
}
