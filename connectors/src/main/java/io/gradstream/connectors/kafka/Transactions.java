package io.gradstream.connectors.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transactional producer that is opened when needed and again after a failure; used by one thread only, but for being abandoned.
 *
 * <p>After being fenced, and after a commit whose outcome is unknown, it refuses everything: going on could publish twice.
 */
final class Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);
    private static final Duration GOODBYE = Duration.ofSeconds(30);
    private static final int COMMIT_ATTEMPTS = 3;
    private static final int DEFAULT_REQUEST_SIZE = 16 << 20;
    private static final long DEFAULT_BUFFER_MEMORY = 32L << 20;

    private final String id;
    private final Map<String, Object> properties;
    private final PublisherCounters counters = new PublisherCounters();
    private @Nullable Producer<byte[], byte[]> producer;
    /** The same, also while it is being opened. */
    private volatile @Nullable Producer<byte[], byte[]> newest;

    private volatile boolean abandoned;
    private @Nullable PublishException end;

    Transactions(String id, Map<String, ?> properties) {
        this.id = id;
        this.properties = properties(id, properties);
    }

    private static Map<String, Object> properties(String id, Map<String, ?> passed) {
        Map<String, Object> p = new HashMap<>();
        // The broker answers "not yet" while it finishes the transaction before: with the usual 100 ms every one takes
        // that.
        p.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 1);
        p.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 20);
        p.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 << 10);
        p.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DEFAULT_REQUEST_SIZE);
        p.putAll(passed);
        p.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        p.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        p.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return p;
    }

    PublisherCounters counters() {
        return counters;
    }

    int largestRecord() {
        return (int) Math.min(
                number(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DEFAULT_REQUEST_SIZE),
                number(ProducerConfig.BUFFER_MEMORY_CONFIG, DEFAULT_BUFFER_MEMORY));
    }

    private long number(String property, long otherwise) {
        return Long.parseLong(String.valueOf(properties.getOrDefault(property, otherwise)));
    }

    /** Opens the producer, which fences earlier holders of the id. */
    void ready() {
        open();
    }

    void publish(Publication publication) {
        long begin = System.nanoTime();
        try {
            transact(open(), publication);
        } catch (PublishException e) {
            counters.failed.increment();
            throw e;
        }
        counters.committed.increment();
        counters.committedNanos.add(System.nanoTime() - begin);
        counters.records.add(publication.records().size());
        counters.bytes.add(publication.bytes());
    }

    private Producer<byte[], byte[]> open() {
        if (end != null) {
            throw end;
        }
        if (producer != null) {
            return producer;
        }
        Producer<byte[], byte[]> opened = null;
        try {
            opened = new KafkaProducer<>(properties);
            newest = opened;
            if (abandoned) {
                throw new KafkaException("nobody waits for a producer any more");
            }
            opened.initTransactions();
            producer = opened;
            return opened;
        } catch (KafkaException e) {
            if (opened != null) {
                opened.close(Duration.ZERO);
            }
            throw fenced(e) ? ended(fencedBy(e)) : aborted("the broker must accept the transactional id", e);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a commit fails where a send did
    private void transact(Producer<byte[], byte[]> open, Publication publication) {
        AtomicReference<String> culprit = new AtomicReference<>("");
        try {
            open.beginTransaction();
            for (ProducerRecord<byte[], byte[]> record : publication.records()) {
                open.send(record, (metadata, fault) -> {
                    if (fault != null) {
                        culprit.compareAndSet("", " topic=" + record.topic());
                    }
                });
            }
            if (publication.group().isPresent() && !publication.offsets().isEmpty()) {
                open.sendOffsetsToTransaction(
                        publication.offsets(), publication.group().get());
            }
        } catch (KafkaException e) {
            throw abort(open, e, culprit.get(), true);
        }
        try {
            commit(open);
        } catch (TimeoutException e) {
            throw ended(undecided(e));
        } catch (KafkaException e) {
            throw abort(open, e, culprit.get(), false);
        }
    }

    /** Asking again is safe, and nothing else is, while the broker does not answer. */
    private void commit(Producer<byte[], byte[]> open) {
        for (int attempt = 1; ; attempt++) {
            try {
                open.commitTransaction();
                return;
            } catch (TimeoutException e) {
                if (attempt == COMMIT_ATTEMPTS) {
                    throw e;
                }
                LOG.warn("the broker does not say that a transaction is committed, asking again: id={}", id);
            }
        }
    }

    /**
     * @param uncommitted whether the broker was certainly not asked to commit yet
     */
    private PublishException abort(
            Producer<byte[], byte[]> open, KafkaException reason, String culprit, boolean uncommitted) {
        if (fenced(reason)) {
            return ended(fencedBy(reason));
        }
        try {
            open.abortTransaction();
        } catch (KafkaException e) {
            e.addSuppressed(reason);
            if (fenced(e)) {
                return ended(fencedBy(e));
            }
            if (!uncommitted) {
                return ended(undecided(e));
            }
            // The next producer of this id makes the broker abort what is open.
            leave(open);
        }
        if (reason instanceof CommitFailedException) {
            return new UnknownMemberException(
                    "the group must know the member: transactional.id=" + id + " reason=" + root(reason), reason);
        }
        return aborted("a publication was aborted" + culprit, reason);
    }

    /** Ends what the producer waits for; from any thread. */
    void abandon() {
        abandoned = true;
        Producer<byte[], byte[]> open = newest;
        if (open != null) {
            open.close(Duration.ZERO);
        }
    }

    private void leave(Producer<byte[], byte[]> open) {
        producer = null;
        open.close(Duration.ZERO);
    }

    private PublishException ended(PublishException last) {
        end = last;
        return last;
    }

    private AbortedException aborted(String rule, Throwable cause) {
        return new AbortedException(rule + ": transactional.id=" + id + " reason=" + root(cause), cause);
    }

    private FencedException fencedBy(Throwable cause) {
        return new FencedException("another instance took over: transactional.id=" + id, cause);
    }

    private UndecidedException undecided(Throwable cause) {
        return new UndecidedException(
                "the broker did not say whether a transaction is committed: transactional.id=" + id, cause);
    }

    /** An outdated epoch alone is no proof: the broker also says so after a transaction took too long. */
    private static boolean fenced(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException || cause instanceof FencedInstanceIdException) {
                return true;
            }
        }
        return false;
    }

    private static Throwable root(Throwable fault) {
        Throwable cause = fault;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    void close() {
        if (producer != null) {
            producer.close(GOODBYE);
            producer = null;
        }
    }
}
