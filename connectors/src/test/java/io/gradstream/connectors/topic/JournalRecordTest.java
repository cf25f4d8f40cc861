package io.gradstream.connectors.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.connectors.topic.JournalRecord.Range;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalRecordTest {
    private static final JournalRecord RECORD = JournalRecord.of(
            3,
            70,
            new TopicIds(Map.of("events", "WlHYfJdBR0mXG8Vb3cJ7mA", "others", "1yVQ9PFUR-mJjTZYc2mV6g")),
            List.of(
                    new Range("events", 0, new Position(5, 100), new Position(7, 0)),
                    new Range("events", 1, new Position(9, 0), new Position(9, 24))));

    @Test
    void readsWhatItWrites() {
        assertThat(JournalRecord.parse(RECORD.toJson())).isEqualTo(RECORD);
        assertThat(new String(RECORD.toJson(), UTF_8)).isEqualTo("""
                        {"version":3,"step":70,"topics":{"events":"WlHYfJdBR0mXG8Vb3cJ7mA"},\
                        "ranges":[{"topic":"events","partition":0,"from":{"offset":5,"row":100},\
                        "to":{"offset":7,"row":0}},{"topic":"events","partition":1,"from":{"offset":9,"row":0},\
                        "to":{"offset":9,"row":24}}]}""");
    }

    @Test
    void readsWhatWasWrittenBeforeTopicsHadIds() {
        String old = "{\"version\":3,\"step\":70,\"ranges\":[]}";
        assertThat(JournalRecord.parse(old.getBytes(UTF_8)).topics()).isEqualTo(TopicIds.NONE);
    }

    @Test
    void hasNoEmptyRanges() {
        assertThatThrownBy(() -> new Range("events", 0, new Position(5, 1), new Position(5, 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"version\":1,\"step\":2}",
                "{\"version\":1,\"step\":2,\"ranges\":[{}]}",
                "{\"version\":1,\"step\":2,\"topics\":{\"t\":7},\"ranges\":[]}",
                "{\"version\":1,\"step\":2.5,\"ranges\":[]}",
                "{\"version\":1,\"step\":2,\"step\":2,\"ranges\":[]}",
                "{\"version\":1,\"step\":2,\"ranges\":[]} x",
                "{\"version\":1,\"step\":2,\"ranges\":[{\"topic\":\"t\",\"partition\":0,\"from\":{\"offset\":-1,\"row\":0},\"to\":{\"offset\":1,\"row\":0}}]}"
            })
    void refusesWhatIsNoRecord(String json) {
        assertThatThrownBy(() -> JournalRecord.parse(json.getBytes(UTF_8))).isInstanceOf(MalformedException.class);
    }
}
