package io.gradstream.connectors.topic;

import reactor.core.publisher.Flux;

/**
 * Reads the journal of a model back from its topic, in the order of the steps.
 *
 * @param model the key of its records
 */
public record Journal(TopicReader reader, String model) {
    /** What the journal says now. */
    public Flux<JournalRecord> records() {
        return reader.records()
                .filter(record -> Keys.equal(record.key(), model) && record.value() != null)
                .map(record -> JournalRecord.parse(record.value()));
    }
}
