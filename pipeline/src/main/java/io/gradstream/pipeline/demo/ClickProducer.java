package io.gradstream.pipeline.demo;

import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A plain Kafka producer on its own thread that sends clicks as anyone would. */
final class ClickProducer implements AutoCloseable {
    private static final int ROWS_PER_MESSAGE = 1000;

    private final BestLosses losses;
    private final Thread thread;

    /**
     * Begins to send.
     *
     * @param rows how many
     * @param rowsPerSecond at most so many each second
     */
    ClickProducer(
            String bootstrap, String topic, ClickStream stream, BestLosses losses, long rows, double rowsPerSecond) {
        this.losses = losses;
        thread = Thread.ofPlatform().name("gradstream-demo-clicks").daemon().start(() -> {
            Map<String, Object> properties = Map.of("bootstrap.servers", bootstrap, "linger.ms", 5);
            try (Producer<byte[], byte[]> producer =
                            new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
                    ClickMessages messages = new ClickMessages()) {
                long start = System.nanoTime();
                for (long sent = 0; sent < rows; ) {
                    Clicks clicks = stream.next((int) Math.min(ROWS_PER_MESSAGE, rows - sent));
                    if (!losses.put(clicks.bestLosses())) {
                        return;
                    }
                    Future<RecordMetadata> _ = producer.send(new ProducerRecord<>(topic, messages.write(clicks)));
                    sent += clicks.size();
                    losses.awaitEnd(start + (long) (sent * 1e9 / rowsPerSecond));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Ends it without an interrupt, which Kafka's producer would report as a fault while it is closed. */
    @Override
    public void close() {
        losses.end();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
