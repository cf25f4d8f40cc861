package io.gradstream.connectors.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.connectors.topic.WeightVersions.Draft;
import io.gradstream.connectors.topic.WeightVersions.Mode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class WeightVersionsTest {
    private static final Instant TIME = Instant.parse("2026-11-21T12:00:00Z");
    private static final Map<String, Map<Integer, Position>> OFFSETS =
            Map.of("events", Map.of(0, new Position(12, 3), 1, new Position(9, 0)));

    private final WeightVersions versions = new WeightVersions("clicks", new WeightSlices(32));

    @Test
    void cutsATensorThatIsTooLargeIntoRows() {
        NamedTensor table = tensor("embedding.site.weight", 10, 4);
        List<WeightSlices.Slice> slices = new WeightSlices(50).cut(table);

        assertThat(slices)
                .extracting(slice -> slice.key().toString())
                .containsExactly(
                        "embedding.site.weight[0:3]",
                        "embedding.site.weight[3:6]",
                        "embedding.site.weight[6:9]",
                        "embedding.site.weight[9:10]");
        NamedTensor second = Safetensors.decode(slices.get(1).value()).tensors().getFirst();
        assertThat(second.name()).isEqualTo("embedding.site.weight");
        assertThat(second.shape()).containsExactly(3, 4);
        assertThat(second.floats()[0]).isEqualTo(12);
    }

    @Test
    void keepsATensorWholeThatFits() {
        assertThat(new WeightSlices(160).cut(tensor("w", 10, 4)))
                .extracting(slice -> slice.key().toString())
                .containsExactly("w");
    }

    @Test
    void namesKeysThatCanBeReadBack() {
        for (SliceKey key :
                List.of(SliceKey.whole("mlp.0.weight"), new SliceKey("a[b]c", 0, 17), SliceKey.whole("ünï"))) {
            assertThat(SliceKey.parse(key.toString())).isEqualTo(key);
        }
        assertThatThrownBy(() -> SliceKey.whole("manifest")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SliceKey.whole("w[0:1]")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sendsEverySliceOfAFirstVersionAndTheManifestLast() {
        Draft draft = draft(1, Mode.DELTA, tensor("w", 4, 4), tensor("b", 1, 4));

        assertThat(keys(draft)).containsExactly("w[0:2]", "w[2:4]", "b", "manifest");
        assertThat(Manifest.parse(value(draft, 3))).isEqualTo(draft.manifest());
        assertThat(draft.manifest().parent()).isEqualTo(OptionalLong.empty());
        for (int i = 0; i < 3; i++) {
            assertThat(draft.manifest().slices().get(i).sha256()).isEqualTo(WeightVersions.sha256(value(draft, i)));
        }
    }

    @Test
    void sendsOnlyChangesInADeltaButListsEverySlice() {
        NamedTensor w = tensor("w", 4, 4);
        versions.committed(draft(1, Mode.DELTA, w, tensor("b", 1, 4)));
        float[] changed = w.floats();
        changed[15] += 1;
        Draft second = draft(2, Mode.DELTA, NamedTensor.of("w", changed, 4, 4), tensor("b", 1, 4));

        assertThat(keys(second)).containsExactly("w[2:4]", "manifest");
        assertThat(second.manifest().parent()).isEqualTo(OptionalLong.of(1));
        assertThat(second.manifest().slices())
                .extracting(slice -> slice.key() + "@" + slice.version())
                .containsExactly("w[0:2]@1", "w[2:4]@2", "b@1");
    }

    @Test
    void sendsEverythingInAFullVersion() {
        versions.committed(draft(1, Mode.FULL, tensor("b", 1, 4)));
        Draft second = draft(2, Mode.FULL, tensor("b", 1, 4));

        assertThat(keys(second)).containsExactly("b", "manifest");
        assertThat(second.manifest().slices().getFirst().version()).isEqualTo(2);
    }

    @Test
    void sendsChangesAgainAfterATransactionThatFailed() {
        draft(1, Mode.DELTA, tensor("b", 1, 4));

        assertThat(keys(draft(2, Mode.DELTA, tensor("b", 1, 4)))).containsExactly("b", "manifest");
    }

    @Test
    void removesSlicesThatAreNoMore() {
        versions.committed(draft(1, Mode.DELTA, tensor("old", 1, 4), tensor("b", 1, 4)));
        Draft second = draft(2, Mode.DELTA, tensor("b", 1, 4));

        assertThat(keys(second)).containsExactly("old", "manifest");
        assertThat(second.records().getFirst().value()).isNull();
    }

    @Test
    void goesOnFromAManifest() {
        Draft first = draft(1, Mode.DELTA, tensor("b", 1, 4));
        WeightVersions restarted = new WeightVersions("clicks", new WeightSlices(32), first.manifest());

        assertThat(keys(restarted.draft(
                        2, 20, List.of(tensor("b", 1, 4)), Mode.DELTA, OFFSETS, TopicIds.NONE, 5, TIME)))
                .containsExactly("manifest");
        assertThatThrownBy(() -> restarted.draft(1, 20, List.of(), Mode.DELTA, OFFSETS, TopicIds.NONE, 5, TIME))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("versions must rise");
    }

    @Test
    void writesManifestsAsTheContractSays() {
        Draft draft = draft(1, Mode.DELTA, tensor("b", 1, 2));

        assertThat(new String(value(draft, 1), UTF_8)).isEqualTo("""
                        {"model":"clicks","version":1,"step":10,"parent":null,"slices":[{"key":"b","version":1,"dtype":"F32",\
                        "shape":[1,2],"sha256":"%s"}],"offsets":{"events":{"0":[12,3],"1":[9,0]}},"rows":5,\
                        "time":"2026-11-21T12:00:00Z"}""".formatted(WeightVersions.sha256(value(draft, 0))));
    }

    private Draft draft(long version, Mode mode, NamedTensor... tensors) {
        return versions.draft(version, version * 10, List.of(tensors), mode, OFFSETS, TopicIds.NONE, 5, TIME);
    }

    static NamedTensor tensor(String name, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return NamedTensor.of(name, values, rows, columns);
    }

    private static List<String> keys(Draft draft) {
        return draft.records().stream()
                .map(record -> new String(record.key(), UTF_8))
                .toList();
    }

    private static byte[] value(Draft draft, int record) {
        return Objects.requireNonNull(draft.records().get(record).value());
    }
}
