package io.gradstream.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PartitionLedgerTest {
    private final PartitionLedger ledger = new PartitionLedger(new TopicPartition("events", 0), 10);

    @Test
    void beginsWhereReadingBegins() {
        assertThat(ledger.handedOn()).isEqualTo(10);
        assertThat(ledger.acknowledged()).isEqualTo(10);
        assertThat(ledger.idle()).isTrue();
    }

    @Test
    void advancesOnlyWithoutAGap() {
        PartitionLedger.Entry first = ledger.open(15);
        PartitionLedger.Entry second = ledger.open(20);
        PartitionLedger.Entry third = ledger.open(30);
        second.acknowledge();
        assertThat(ledger.acknowledged()).isEqualTo(10);
        first.acknowledge();
        assertThat(ledger.acknowledged()).isEqualTo(20);
        assertThat(ledger.idle()).isFalse();
        third.acknowledge();
        assertThat(ledger.acknowledged()).isEqualTo(30);
        assertThat(ledger.idle()).isTrue();
    }

    @Test
    void takesAcknowledgementsInAnyOrder() {
        long seed = new Random().nextLong();
        List<PartitionLedger.Entry> entries = new ArrayList<>();
        for (int i = 11; i <= 1_010; i++) {
            entries.add(ledger.open(i));
        }
        Collections.shuffle(entries, new Random(seed));
        entries.forEach(PartitionLedger.Entry::acknowledge);
        assertThat(ledger.acknowledged()).as("seed %d", seed).isEqualTo(1_010);
        assertThat(ledger.idle()).as("seed %d", seed).isTrue();
    }

    @Test
    void countsAnAcknowledgementOnce() {
        PartitionLedger.Entry first = ledger.open(15);
        ledger.open(20);
        first.acknowledge();
        first.acknowledge();
        assertThat(ledger.acknowledged()).isEqualTo(15);
    }

    @Test
    void ignoresAcknowledgementsThatComeTooLate() {
        PartitionLedger.Entry first = ledger.open(15);
        ledger.close();
        first.acknowledge();
        assertThat(ledger.acknowledged()).isEqualTo(10);
        assertThat(ledger.closed()).isTrue();
    }
}
