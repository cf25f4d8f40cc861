package io.gradstream.connectors.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.connectors.rows.CodedColumn;
import io.gradstream.connectors.rows.Column;
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
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads what Arrow's C++ and JavaScript implementations wrote; the scripts lie beside the files. */
class ArrowInteropTest {
    private static final Origin ORIGIN = new Origin("events", 0, 0);

    private final ArrowFormat format = new ArrowFormat(Limits.DEFAULT);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arrow-cpp/types.stream.arrow",
                "arrow-cpp/types.file.arrow",
                "arrow-cpp/types.lz4.stream.arrow",
                "arrow-cpp/types.lz4.file.arrow",
                "arrow-cpp/types.zstd.stream.arrow",
                "arrow-cpp/types.zstd.file.arrow",
                "arrow-js/types.stream.arrow",
                "arrow-js/types.file.arrow",
                "arrow-js/batches.stream.arrow",
                "arrow-js/batches.file.arrow"
            })
    void readsEveryType(String file) throws Exception {
        DecodedRecord record = decode(
                file,
                Projection.of(
                        number("i8"),
                        number("u8"),
                        number("i16"),
                        number("u16"),
                        number("i32"),
                        number("u32"),
                        number("i64"),
                        number("u64"),
                        number("f16"),
                        number("f32"),
                        number("f64"),
                        number("flag"),
                        category("text"),
                        category("wide"),
                        category("code"),
                        list("list"),
                        list("pair")));

        assertThat(record.rows()).isEqualTo(5 * record.blocks().size());
        assertThat(record.blocks()).hasSize(file.contains("js/types") ? 1 : 2);
        for (RowBlock block : record.blocks()) {
            assertThat(values(block.column(0))).containsExactly(-128L, -1L, null, 1L, 127L);
            assertThat(values(block.column(1))).containsExactly(0L, 1L, 2L, 254L, 255L);
            assertThat(values(block.column(2))).containsExactly(-32768L, -1L, 0L, 1L, 32767L);
            assertThat(values(block.column(3))).containsExactly(0L, 1L, 2L, 65534L, 65535L);
            assertThat(values(block.column(4))).containsExactly(-2147483648L, -1L, null, 1L, 2147483647L);
            assertThat(values(block.column(5))).containsExactly(0L, 1L, 2L, 4294967294L, 4294967295L);
            assertThat(values(block.column(6))).containsExactly(Long.MIN_VALUE, -1L, 0L, 1L, Long.MAX_VALUE);
            assertThat(values(block.column(7))).containsExactly(0L, 1L, 2L, -2L, -1L);
            assertThat(values(block.column(8))).containsExactly(0.0, 0.5, -2.0, 1024.0, 65504.0);
            assertThat(values(block.column(9))).containsExactly(0.0, 0.5, null, (double) 1.5e10f, -0.25);
            assertThat(values(block.column(10))).containsExactly(0.0, 0.5, -2.0, 1.5e300, -0.25);
            assertThat(values(block.column(11))).containsExactly(1L, 0L, null, 1L, 0L);
            assertThat(values(block.column(12)))
                    .containsExactly("a", "", null, "déjà", "long enough to be no inline string");
            assertThat(values(block.column(13))).containsExactly("a", "", "x", "déjà", "z");
            assertThat(values(block.column(14))).containsExactly("red", "green", null, "blue", "red");
            assertThat(values(block.column(15)))
                    .containsExactly(List.of(1L, 2L), List.of(), null, Arrays.asList(3L, null), List.of(4L, 5L, 6L));
            assertThat(values(block.column(16)))
                    .containsExactly(
                            List.of(1.0, 2.0),
                            List.of(3.0, 4.0),
                            List.of(5.0, 6.0),
                            List.of(7.0, 8.0),
                            List.of(9.0, 10.0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"types.stream.arrow", "types.lz4.file.arrow", "types.zstd.stream.arrow"})
    void readsViewsAndWhatIsOnlyNull(String file) throws Exception {
        DecodedRecord record = decode(
                "arrow-cpp/" + file,
                Projection.of(list("biglist"), category("view"), number("nothing"), number("f64")));

        for (RowBlock block : record.blocks()) {
            assertThat(values(block.column(0)))
                    .containsExactly(List.of("a"), List.of(), null, Arrays.asList("b", null), List.of("c", "d"));
            assertThat(values(block.column(1)))
                    .containsExactly("a", "", null, "déjà", "long enough to be no inline string");
            assertThat(values(block.column(2))).containsOnlyNulls();
            assertThat(values(block.column(3))).contains(1.5e300);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"when", "nest", "price", "map", "union", "runs", "listview"})
    void refusesTypesThatCannotBeLearnedFrom(String column) {
        assertThatThrownBy(() -> decode("arrow-cpp/types.stream.arrow", Projection.of(number(column))))
                .isInstanceOfSatisfying(
                        UndecodableException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_TYPE))
                .hasMessageContaining("column=" + column);
    }

    @ParameterizedTest
    @ValueSource(strings = {"large.lz4.stream.arrow", "large.zstd.stream.arrow"})
    void decompressesBuffersOfSeveralBlocks(String file) throws Exception {
        RowBlock block = decode("arrow-cpp/" + file, Projection.of(number("x"), category("site")))
                .blocks()
                .getFirst();
        FloatColumn x = (FloatColumn) block.column(0);
        TextColumn site = (TextColumn) block.column(1);

        assertThat(block.rows()).isEqualTo(20_000);
        for (int row = 0; row < block.rows(); row++) {
            assertThat(x.number(row)).isEqualTo(row % 1000);
            assertThat(site.text(row)).isEqualTo("site-" + row % 777);
        }
    }

    @Test
    void growsADictionaryByItsDeltas() throws Exception {
        DecodedRecord record = decode("arrow-cpp/deltas.stream.arrow", Projection.of(category("code")));

        assertThat(record.blocks())
                .extracting(block -> values(block.column(0)))
                .containsExactly(List.of("a", "b", "a"), Arrays.asList("c", "b", null), Arrays.asList("e", null, "c"));
        assertThat(record.blocks())
                .extracting(
                        block -> ((CodedColumn) block.column(0)).dictionary().size())
                .containsExactly(2, 3, 5);
    }

    @Test
    void knowsAllDeltasOfAFileFromItsStart() throws Exception {
        DecodedRecord record = decode("arrow-cpp/deltas.file.arrow", Projection.of(category("code")));

        assertThat(record.blocks())
                .extracting(block -> values(block.column(0)))
                .containsExactly(List.of("a", "b", "a"), Arrays.asList("c", "b", null), Arrays.asList("e", null, "c"));
    }

    @Test
    void replacesADictionaryInAStream() throws Exception {
        DecodedRecord record = decode("arrow-cpp/replaced.stream.arrow", Projection.of(category("code")));

        assertThat(record.blocks())
                .extracting(block -> values(block.column(0)))
                .containsExactly(List.of("a", "b"), List.of("y", "x"));
    }

    private DecodedRecord decode(String file, Projection projection) throws IOException, UndecodableException {
        return format.decode(ORIGIN, bytes(file), projection);
    }

    static byte[] bytes(String file) throws IOException {
        try (InputStream in = ArrowInteropTest.class.getResourceAsStream("/" + file)) {
            assertThat(in).as(file).isNotNull();
            return in.readAllBytes();
        }
    }

    private static List<@Nullable Object> values(Column column) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int row = 0; row < column.size(); row++) {
            values.add(value(column, row));
        }
        return values;
    }

    private static @Nullable Object value(Column column, int row) {
        if (column.isNull(row)) {
            return null;
        }
        return switch (column) {
            case IntegerColumn integers -> integers.integer(row);
            case FloatColumn floats -> floats.number(row);
            case TextColumn text -> text.text(row);
            case CodedColumn coded -> value(coded.dictionary(), coded.code(row));
            case ListColumn lists -> values(lists.elements()).subList(lists.start(row), lists.end(row));
        };
    }

    private static Wanted number(String name) {
        return Wanted.required(name, Kind.NUMBER);
    }

    private static Wanted category(String name) {
        return Wanted.required(name, Kind.CATEGORY);
    }

    private static Wanted list(String name) {
        return Wanted.required(name, Kind.LIST);
    }
}
