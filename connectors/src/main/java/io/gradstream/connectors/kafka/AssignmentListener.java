package io.gradstream.connectors.kafka;

import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Hears, on the poll thread, which partitions come and go; it must not block. */
public interface AssignmentListener {

    /** A listener that does not care. */
    AssignmentListener NONE = new AssignmentListener() {};

    /** Reading of these partitions begins. */
    default void assigned(Set<TopicPartition> partitions) {}

    /** These partitions go to another member as soon as what is in flight is acknowledged, or the wait for it is over. */
    default void revoking(Set<TopicPartition> partitions) {}

    /** These partitions already belong to someone else: what is in flight of them must not be published. */
    default void lost(Set<TopicPartition> partitions) {}

    /** The broker no longer has the record that was to come next: reading goes on with the first it has, or ends if this throws. */
    default void gone(TopicPartition partition, long wanted, long first) {}
}
