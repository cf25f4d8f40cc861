package io.gradstream.connectors.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.connectors.rows.DecodedRecord;
import io.gradstream.connectors.rows.FloatColumn;
import io.gradstream.connectors.rows.IntegerColumn;
import io.gradstream.connectors.rows.Kind;
import io.gradstream.connectors.rows.Limits;
import io.gradstream.connectors.rows.ListColumn;
import io.gradstream.connectors.rows.Origin;
import io.gradstream.connectors.rows.Projection;
import io.gradstream.connectors.rows.RowBlock;
import io.gradstream.connectors.rows.TextColumn;
import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.connectors.rows.UndecodableException.Reason;
import io.gradstream.connectors.rows.Wanted;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonFormatTest {
    private static final Projection PROJECTION = Projection.of(
            Wanted.optional("age", Kind.NUMBER),
            Wanted.optional("site", Kind.CATEGORY),
            Wanted.optional("tags", Kind.LIST),
            Wanted.required("clicked", Kind.NUMBER));

    private final JsonFormat format = new JsonFormat(Limits.DEFAULT);

    @Test
    void readsOneObject() throws Exception {
        RowBlock block = decode("""
                {"age": 31.5, "other": {"deep": [1, {"x": 2}]}, "site": "déjà", "tags": ["a", "b"], "clicked": true}""");

        assertThat(block.rows()).isEqualTo(1);
        assertThat(((FloatColumn) block.column(0)).number(0)).isEqualTo(31.5);
        assertThat(((TextColumn) block.column(1)).text(0)).isEqualTo("déjà");
        ListColumn tags = (ListColumn) block.column(2);
        assertThat(((TextColumn) tags.elements()).text(tags.end(0) - 1)).isEqualTo("b");
        assertThat(((IntegerColumn) block.column(3)).integer(0)).isEqualTo(1);
        assertThat(block.columns()).noneMatch(column -> column.hasNulls());
    }

    @Test
    void takesWhatARowLeavesOutAsMissing() throws Exception {
        RowBlock block = decode("""
                [{"clicked": 0}, {"age": 1, "clicked": 1, "site": "a", "tags": [1]}, {"age": 2.5, "clicked": 0, "tags": null}]""");

        FloatColumn age = (FloatColumn) block.column(0);
        assertThat(age.isNull(0)).isTrue();
        assertThat(age.number(1)).isEqualTo(1.0);
        assertThat(age.number(2)).isEqualTo(2.5);
        TextColumn site = (TextColumn) block.column(1);
        assertThat(site.isNull(0)).isTrue();
        assertThat(site.text(1)).isEqualTo("a");
        assertThat(site.isNull(2)).isTrue();
        ListColumn tags = (ListColumn) block.column(2);
        assertThat(tags.isNull(0)).isTrue();
        assertThat(tags.end(1) - tags.start(1)).isEqualTo(1);
        assertThat(tags.isNull(2)).isTrue();
    }

    @Test
    void keepsLongsExactAndTakesLongerNumbersAsDoubles() throws Exception {
        assertThat(((IntegerColumn) decode("{\"clicked\": 9223372036854775807}").column(3)).integer(0))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(((FloatColumn) decode("{\"clicked\": 9223372036854775808}").column(3)).number(0))
                .isEqualTo(0x1p63);
        assertThat(((IntegerColumn) decode("{\"clicked\": 1, \"site\": 9007199254740993}")
                                .column(1))
                        .integer(0))
                .isEqualTo(9007199254740993L);
    }

    @Test
    void doesNotNeedAnOptionalColumn() throws Exception {
        RowBlock block = decode("[{\"clicked\": 1}, {\"clicked\": 0}]");

        assertThat(block.column(0)).isInstanceOf(IntegerColumn.class);
        assertThat(block.column(1)).isInstanceOf(TextColumn.class);
        assertThat(block.column(2)).isInstanceOf(ListColumn.class);
        assertThat(block.columns().subList(0, 3)).allMatch(column -> column.isNull(0) && column.isNull(1));
    }

    @Test
    void needsARequiredColumnInSomeRow() throws Exception {
        assertThat(decode("[{\"clicked\": 1}, {}]").column(3).isNull(1)).isTrue();
        assertUndecodable("[{\"age\": 1}, {}]", Reason.MISSING_COLUMN, "missing=clicked", OptionalInt.empty());
    }

    @Test
    void namesTheRowThatCannotBeUsed() {
        assertUndecodable(
                "[{\"clicked\": 1}, {\"clicked\": \"yes\"}]", Reason.WRONG_TYPE, "column=clicked", OptionalInt.of(1));
        assertUndecodable("[{\"clicked\": {}}]", Reason.WRONG_TYPE, "column=clicked", OptionalInt.of(0));
        assertUndecodable("[{\"clicked\": [1]}]", Reason.WRONG_TYPE, "column=clicked", OptionalInt.of(0));
        assertUndecodable("[{\"tags\": [[1]]}]", Reason.WRONG_TYPE, "column=tags", OptionalInt.of(0));
        assertUndecodable("[{\"tags\": 1}]", Reason.WRONG_TYPE, "column=tags", OptionalInt.of(0));
        assertUndecodable("[{\"site\": 1.5}]", Reason.WRONG_TYPE, "column=site", OptionalInt.of(0));
        assertUndecodable("[{\"site\": 1}, {\"site\": \"a\"}]", Reason.WRONG_TYPE, "must not mix", OptionalInt.of(1));
        assertUndecodable("[{\"clicked\": 1e999}]", Reason.WRONG_TYPE, "fit into a double", OptionalInt.of(0));
        assertUndecodable("{\"clicked\": 1, \"clicked\": 2}", Reason.CORRUPT, "a key once", OptionalInt.of(0));
        assertUndecodable("[{\"clicked\": 1}, 7]", Reason.CORRUPT, "must be an object", OptionalInt.of(1));
    }

    @Test
    void refusesWhatIsNotJson() {
        assertUndecodable("{\"clicked\": NaN}", Reason.CORRUPT, "NaN", OptionalInt.empty());
        assertUndecodable("{\"clicked\": 1", Reason.CORRUPT, "must be JSON", OptionalInt.empty());
        assertUndecodable("{\"clicked\": 1} x", Reason.CORRUPT, "must be JSON", OptionalInt.empty());
        assertUndecodable("{\"clicked\": 1} {}", Reason.CORRUPT, "nothing may follow", OptionalInt.empty());
        assertUndecodable("{\"x\": " + "[".repeat(100_000), Reason.TOO_LARGE, "depth", OptionalInt.empty());
        assertUndecodable(
                "{\"clicked\": " + "9".repeat(100_000) + "}", Reason.TOO_LARGE, "length", OptionalInt.empty());
    }

    @Test
    void saysSoWhereThereIsNothing() {
        assertUndecodable("", Reason.EMPTY, "no bytes", OptionalInt.empty());
        assertUndecodable("   ", Reason.EMPTY, "no rows", OptionalInt.empty());
        assertUndecodable("[]", Reason.EMPTY, "no rows", OptionalInt.empty());
    }

    @Test
    void staysWithinItsLimits() {
        JsonFormat small = new JsonFormat(new Limits(1000, 3));
        assertThatThrownBy(() -> small.decode(origin(), bytes("[{}, {}, {}, {}]"), PROJECTION))
                .isInstanceOfSatisfying(
                        UndecodableException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
        String tags = "[{\"tags\": [" + "1,".repeat(1000) + "1]}]";
        assertThatThrownBy(() -> small.decode(origin(), bytes(tags), PROJECTION))
                .isInstanceOfSatisfying(
                        UndecodableException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
    }

    @Test
    void survivesDamage() {
        byte[] message = bytes("""
                [{"age": 31.5, "site": "déjà", "tags": ["a", "b"], "clicked": true},
                 {"age": -1e-3, "site": null, "tags": [null, "c"], "clicked": false, "more": {"a": [1, 2]}}]""");
        Random random = new Random(11);
        String salt = "{}[]\",:0e-tfn\\u\u0000 \u00ff";
        int decoded = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] mutant = message.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                mutant[random.nextInt(mutant.length)] = (byte) salt.charAt(random.nextInt(salt.length()));
            }
            try {
                decoded += format.decode(origin(), mutant, PROJECTION).blocks().size();
            } catch (UndecodableException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        assertThat(decoded).isPositive();
    }

    private RowBlock decode(String json) throws UndecodableException {
        DecodedRecord record = format.decode(origin(), bytes(json), PROJECTION);
        assertThat(record.blocks()).hasSize(1);
        return record.blocks().getFirst();
    }

    private void assertUndecodable(String json, Reason reason, String detail, OptionalInt row) {
        assertThatThrownBy(() -> decode(json))
                .isInstanceOfSatisfying(UndecodableException.class, e -> {
                    assertThat(e.reason()).isEqualTo(reason);
                    assertThat(e.row()).isEqualTo(row);
                })
                .hasMessageContaining(detail);
    }

    private static Origin origin() {
        return new Origin("events", 0, 0);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(UTF_8);
    }
}
