package io.gradstream.connectors.topic;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Records of one poll.
 *
 * @param caughtUp whether everything that was on the topic when the subscription began has come
 */
record TopicBatch(List<ConsumerRecord<byte[], byte[]>> records, boolean caughtUp) {}
