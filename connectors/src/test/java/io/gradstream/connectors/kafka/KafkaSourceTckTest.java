package io.gradstream.connectors.kafka;

import static org.junit.jupiter.api.Assumptions.abort;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;

/** The reactive-streams compatibility kit, held against a source that reads a real broker. */
class KafkaSourceTckTest {
    private static final int RECORDS = 2_000;

    @TestFactory
    Stream<DynamicTest> keepsTheRules() {
        TestKafka kafka = new TestKafka(SharedBroker.bootstrap());
        String topic = kafka.topic(1);
        kafka.produce(topic, 0, 0, RECORDS);
        return Arrays.stream(PublisherVerification.class.getMethods())
                .filter(method -> method.isAnnotationPresent(org.testng.annotations.Test.class))
                .filter(method -> !method.getName().startsWith("untested_"))
                .sorted(Comparator.comparing(Method::getName))
                .map(rule -> DynamicTest.dynamicTest(rule.getName(), () -> check(rule, new Kit(kafka, topic))));
    }

    private static void check(Method rule, Kit kit) throws Throwable {
        kit.setUp();
        try {
            rule.invoke(kit);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SkipException skipped) {
                abort(String.valueOf(skipped.getMessage()));
            }
            throw e.getCause();
        }
    }

    /** Public because the kit's own methods are called through reflection. */
    public static final class Kit extends PublisherVerification<PolledRecords> {
        private static final int LONGEST_MILLIS = 20_000;
        private static final int SILENCE_MILLIS = 300;

        private final TestKafka kafka;
        private final String topic;

        Kit(TestKafka kafka, String topic) {
            super(new TestEnvironment(LONGEST_MILLIS, SILENCE_MILLIS, SILENCE_MILLIS));
            this.kafka = kafka;
            this.topic = topic;
        }

        @Override
        public Publisher<PolledRecords> createPublisher(long elements) {
            return new KafkaSource(SourceSpec.of(kafka.properties(), TestKafka.name("tck"), List.of(topic))
                    .batchRecords(1)
                    .build());
        }

        @Override
        public Publisher<PolledRecords> createFailedPublisher() {
            return new KafkaSource(SourceSpec.of(
                            kafka.properties("isolation.level", "sometimes"), TestKafka.name("tck"), List.of(topic))
                    .build());
        }

        /** A stream of events never completes. */
        @Override
        public long maxElementsFromPublisher() {
            return publisherUnableToSignalOnComplete();
        }
    }
}
