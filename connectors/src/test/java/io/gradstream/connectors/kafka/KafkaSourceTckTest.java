package io.gradstream.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
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

    /** Optional rules about subscribers that all get the same: subscribers of one group share its records. */
    private static final Pattern NOT_FOR_MEMBERS_OF_A_GROUP =
            Pattern.compile("^optional_spec111_(multicast|registeredSubscribers)");

    @TestFactory
    Stream<DynamicTest> keepsTheRules() {
        TestKafka kafka = new TestKafka(SharedBroker.bootstrap());
        String topic = kafka.topic(1);
        kafka.produce(topic, 0, 0, RECORDS);
        return Arrays.stream(PublisherVerification.class.getMethods())
                .filter(method -> method.isAnnotationPresent(org.testng.annotations.Test.class))
                .filter(method -> !method.getName().startsWith("untested_"))
                .filter(method ->
                        !NOT_FOR_MEMBERS_OF_A_GROUP.matcher(method.getName()).find())
                .sorted(Comparator.comparing(Method::getName))
                .map(rule -> DynamicTest.dynamicTest(rule.getName(), () -> {
                    // Some rules are about the end of a stream, which only a source that is cut off has.
                    assertThat(holds(rule, new Kit(kafka, topic, false)) || holds(rule, new Kit(kafka, topic, true)))
                            .isTrue();
                }));
    }

    /** Whether the kit could check the rule at all; throws where the rule is broken. */
    private static boolean holds(Method rule, Kit kit) throws Throwable {
        kit.setUp();
        try {
            rule.invoke(kit);
            return true;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SkipException) {
                return false;
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
        private final boolean ends;

        Kit(TestKafka kafka, String topic, boolean ends) {
            super(new TestEnvironment(LONGEST_MILLIS, SILENCE_MILLIS, SILENCE_MILLIS));
            this.kafka = kafka;
            this.topic = topic;
            this.ends = ends;
        }

        @Override
        public Publisher<PolledRecords> createPublisher(long elements) {
            KafkaSource source =
                    new KafkaSource(SourceSpec.of(kafka.properties(), TestKafka.name("tck"), List.of(topic))
                            .batchRecords(1)
                            .build());
            return ends ? source.take(elements) : source;
        }

        @Override
        public Publisher<PolledRecords> createFailedPublisher() {
            return new KafkaSource(SourceSpec.of(
                            kafka.properties("isolation.level", "sometimes"), TestKafka.name("tck"), List.of(topic))
                    .build());
        }

        @Override
        public long maxElementsFromPublisher() {
            return ends ? RECORDS : publisherUnableToSignalOnComplete();
        }
    }
}
