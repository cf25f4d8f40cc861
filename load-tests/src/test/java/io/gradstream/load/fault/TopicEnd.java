package io.gradstream.load.fault;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Where the first partition of a topic ends. */
final class TopicEnd {

    private TopicEnd() {}

    /** Waits until a topic has so many records more than now. */
    static void awaitRecords(String bootstrap, String topic, int more) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            long end = of(admin, topic) + more;
            while (of(admin, topic) < end) {
                Thread.sleep(1);
            }
        }
    }

    private static long of(Admin admin, String topic) throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
    }
}
