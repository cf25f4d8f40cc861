package io.gradstream.connectors.kafka;

import java.util.concurrent.atomic.LongAdder;

/** What all subscriptions of a source have done so far. */
final class SourceCounters {
    final LongAdder records = new LongAdder();
    final LongAdder bytes = new LongAdder();
    final LongAdder pauses = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LongAdder gone = new LongAdder();
    final LongAdder commits = new LongAdder();
}
