package io.gradstream.pipeline;

import io.gradstream.connectors.kafka.TopicReplacedException;
import io.gradstream.connectors.kafka.UndecidedException;
import io.gradstream.pipeline.operation.Landmark;
import io.gradstream.pipeline.operation.Operation;
import io.gradstream.pipeline.operation.Phase;
import io.gradstream.pipeline.publish.UnansweredException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A trainer that goes on in the same process after what only the topics can settle: whether a transaction was committed of which the
 * broker did not say so, and where to read on when a source topic was made anew. It lets go of everything and begins as a process does
 * that was killed, with recovery.
 */
public final class LastingPipeline {
    private static final Logger log = LoggerFactory.getLogger(LastingPipeline.class);
    private static final int MOST_IN_A_ROW = 5;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final Operation operation;
    private final PipelineListener listener;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Pipeline current;

    public LastingPipeline(Operation operation, PipelineListener listener) {
        this.operation = operation;
        this.listener = listener;
    }

    /** Trains until a stop condition or {@link #stop} ends it. What was learned is published and kept when this returns. */
    public void run() {
        int inARow = 0;
        Optional<String> ended = Optional.empty();
        while (true) {
            Optional<Landmark> before = operation.published();
            try (Pipeline pipeline = new Pipeline(operation, listener, this::isStopped)) {
                ended.ifPresent(reason -> pipeline.announce("began-again", Map.of("reason", reason)));
                begin(pipeline);
                pipeline.run();
                return;
            } catch (StoppedException asked) {
                operation.phase(Phase.ENDED);
                return;
            } catch (UnansweredException nobody) {
                log.warn(
                        "ends without publishing what it learned since the newest version; nothing is lost, the next start learns it again:"
                                + " version={} reason={}",
                        operation.published().map(Landmark::version).orElse(0L),
                        nobody.getMessage());
                operation.phase(Phase.ENDED);
                return;
            } catch (UndecidedException | TopicReplacedException failure) {
                if (isStopped()) {
                    log.warn(
                            "ends without knowing whether all it learned is published; what is not, the next start learns again: reason={}",
                            failure.getMessage());
                    operation.phase(Phase.ENDED);
                    return;
                }
                inARow = operation.published().equals(before) ? inARow + 1 : 1;
                ended = Optional.of(String.valueOf(failure.getMessage()));
                if (inARow > MOST_IN_A_ROW) {
                    throw failure;
                }
                Duration pause = FIRST_PAUSE.multipliedBy(1L << (inARow - 1));
                log.warn(
                        "begins again from what the topics say: pause={} in a row={} reason={}",
                        pause,
                        inARow,
                        ended.get());
                if (await(pause)) {
                    operation.phase(Phase.ENDED);
                    return;
                }
            } finally {
                end();
            }
        }
    }

    /**
     * Asks it to end cleanly, in whatever phase it is.
     *
     * @return false if nothing has begun that would have to end
     */
    public synchronized boolean stop() {
        stopped.countDown();
        if (current != null) {
            current.stop();
        }
        return current != null || operation.phase() != Phase.CONNECTING;
    }

    private synchronized void begin(Pipeline pipeline) {
        current = pipeline;
        if (isStopped()) {
            pipeline.stop();
        }
    }

    private synchronized void end() {
        current = null;
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /** Whether it was asked to end meanwhile. */
    private boolean await(Duration pause) {
        try {
            return stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
