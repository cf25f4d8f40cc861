package io.gradstream.connectors.topic;

import static io.gradstream.connectors.topic.WeightVersionsTest.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.topic.WeightVersions.Draft;
import io.gradstream.connectors.topic.WeightVersions.Mode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WeightsViewTest {
    private final WeightVersions versions = new WeightVersions("clicks", new WeightSlices(32));
    private final WeightsView view = new WeightsView();

    @Test
    void putsSlicesTogether() {
        NamedTensor w = tensor("w", 5, 4);
        NamedTensor b = tensor("b", 1, 2);
        send(publish(1, w, b).records());

        assertThat(newest().tensors()).containsExactly(Map.entry("w", w), Map.entry("b", b));
    }

    @Test
    void keepsTheOldVersionWhileANewOneIsIncomplete() {
        send(publish(1, tensor("w", 2, 4), tensor("b", 1, 4)).records());
        List<WeightRecord> second =
                publish(2, tensor("w", 1, 4), tensor("b", 1, 2)).records();
        send(second.subList(0, 1));
        assertThat(newest().manifest().version()).isEqualTo(1);

        send(second.subList(1, second.size()));
        assertThat(newest().manifest().version()).isEqualTo(2);
    }

    @Test
    void waitsForSlicesThatComeBehindTheirManifest() {
        List<WeightRecord> records =
                new ArrayList<>(publish(1, tensor("w", 4, 4)).records());
        Collections.reverse(records);
        send(records.subList(0, 2));
        assertThat(view.newest()).isEmpty();

        send(records.subList(2, 3));
        assertThat(newest().manifest().version()).isEqualTo(1);
    }

    @Test
    void readsWhatCompactionLeaves() {
        Draft first = publish(1, tensor("w", 2, 4), tensor("b", 1, 4));
        Draft second = publish(2, tensor("w", 2, 4), NamedTensor.of("b", new float[] {9}, 1));
        send(first.records().subList(0, 1));
        send(second.records());

        assertThat(newest().manifest().version()).isEqualTo(2);
        assertThat(newest().tensors().get("b")).isEqualTo(NamedTensor.of("b", new float[] {9}, 1));
    }

    @Test
    void passesOverAVersionWithAWrongChecksumAndOneThatIsNoManifest() {
        Draft first = publish(1, tensor("b", 1, 4));
        send(first.records());
        Draft second = publish(2, NamedTensor.of("b", new float[] {9}, 1));
        WeightRecord slice = second.records().getFirst();
        byte[] damaged = Objects.requireNonNull(slice.value()).clone();
        damaged[damaged.length - 1] ^= 1;
        view.accept(slice.key(), damaged);
        send(second.records().subList(1, 2));
        view.accept(second.records().getLast().key(), new byte[] {'{'});

        assertThat(newest().manifest().version()).isEqualTo(1);
    }

    private Draft publish(long version, NamedTensor... tensors) {
        Draft draft = versions.draft(
                version, version, List.of(tensors), Mode.DELTA, Map.of(), TopicIds.NONE, version, Instant.EPOCH);
        versions.committed(draft);
        return draft;
    }

    private void send(List<WeightRecord> records) {
        records.forEach(record -> view.accept(record.key(), record.value()));
    }

    private PublishedModel newest() {
        return view.newest().flatMap(WeightsView::model).orElseThrow();
    }
}
