package io.gradstream.connectors.kafka;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/** Says in plain words why a subscription ended. */
final class SourceFaults {
    private SourceFaults() {}

    static Throwable explain(Throwable fault, SourceSpec spec) {
        Throwable cause = innermostOfKafka(fault);
        Object bootstrap = spec.properties().get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG);
        return switch (cause) {
            case SourceException told -> told;
            case TopicAuthorizationException e ->
                new SourceException("reading a topic must be allowed: topics=" + e.unauthorizedTopics(), fault);
            case GroupAuthorizationException e ->
                new SourceException("joining the group must be allowed: group=" + e.groupId(), fault);
            case AuthenticationException e ->
                new SourceException(
                        "the broker must accept the credentials: bootstrap=" + bootstrap + " reason=" + e.getMessage(),
                        fault);
            case InvalidTopicException e ->
                new SourceException("topic names must be valid: topics=" + e.invalidTopics(), fault);
            case RecordDeserializationException e ->
                new SourceException(
                        "a record must be readable: partition=" + e.topicPartition() + " offset=" + e.offset(), fault);
            case ConfigException e ->
                new SourceException("consumer properties must be valid: " + e.getMessage(), fault);
            case KafkaException e ->
                new SourceException(
                        "reading failed: group=" + spec.group() + " topics=" + spec.topics() + " reason=" + e, fault);
            default -> fault;
        };
    }

    /** Kafka wraps what its constructors and callbacks throw, more than once. */
    private static Throwable innermostOfKafka(Throwable fault) {
        Throwable cause = fault;
        while (cause.getClass() == KafkaException.class && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
