package io.gradstream.connectors.arrow;

import static io.gradstream.connectors.arrow.ArrowMessages.Container.STREAM;
import static io.gradstream.connectors.arrow.ArrowMessages.field;
import static io.gradstream.connectors.arrow.ArrowMessages.list;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.arrow.vector.compression.CompressionUtil.CodecType.LZ4_FRAME;
import static org.apache.arrow.vector.compression.CompressionUtil.CodecType.NO_COMPRESSION;
import static org.apache.arrow.vector.compression.CompressionUtil.CodecType.ZSTD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.connectors.arrow.ArrowMessages.Container;
import io.gradstream.connectors.rows.CodedColumn;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.DecodedRecord;
import io.gradstream.connectors.rows.FloatColumn;
import io.gradstream.connectors.rows.IntegerColumn;
import io.gradstream.connectors.rows.Kind;
import io.gradstream.connectors.rows.Limits;
import io.gradstream.connectors.rows.ListColumn;
import io.gradstream.connectors.rows.NumberColumn;
import io.gradstream.connectors.rows.Origin;
import io.gradstream.connectors.rows.Projection;
import io.gradstream.connectors.rows.TextColumn;
import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.connectors.rows.UndecodableException.Reason;
import io.gradstream.connectors.rows.Wanted;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArrowFormatTest {
    private static final Origin ORIGIN = new Origin("events", 3, 42);

    private final ArrowFormat format = new ArrowFormat(Limits.DEFAULT);

    @Test
    void readsIntegersOfEveryWidthExactly() throws Exception {
        Schema schema = new Schema(List.of(
                field("i8", new ArrowType.Int(8, true)),
                field("u8", new ArrowType.Int(8, false)),
                field("i16", new ArrowType.Int(16, true)),
                field("u16", new ArrowType.Int(16, false)),
                field("i32", new ArrowType.Int(32, true)),
                field("u32", new ArrowType.Int(32, false)),
                field("i64", new ArrowType.Int(64, true)),
                field("u64", new ArrowType.Int(64, false)),
                field("flag", new ArrowType.Bool())));
        byte[] message = ArrowMessages.write(STREAM, NO_COMPRESSION, schema, root -> {
            root.allocateNew();
            ((TinyIntVector) root.getVector("i8")).set(0, -128);
            ((UInt1Vector) root.getVector("u8")).set(0, 255);
            ((SmallIntVector) root.getVector("i16")).set(0, -32768);
            ((UInt2Vector) root.getVector("u16")).set(0, 65535);
            ((IntVector) root.getVector("i32")).set(0, Integer.MIN_VALUE);
            ((UInt4Vector) root.getVector("u32")).set(0, -1);
            ((BigIntVector) root.getVector("i64")).set(0, Long.MIN_VALUE);
            ((UInt8Vector) root.getVector("u64")).set(0, -1);
            ((BitVector) root.getVector("flag")).set(0, 1);
            root.setRowCount(2);
        });
        List<String> names = List.of("i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "flag");
        DecodedRecord record = decode(message, projection(Kind.NUMBER, names.toArray(String[]::new)));

        List<Column> columns = record.blocks().getFirst().columns();
        assertThat(columns)
                .extracting(column -> ((IntegerColumn) column).integer(0))
                .containsExactly(-128L, 255L, -32768L, 65535L, -2147483648L, 4294967295L, Long.MIN_VALUE, -1L, 1L);
        assertThat(columns)
                .extracting(column -> ((IntegerColumn) column).number(0))
                .containsExactly(-128.0, 255.0, -32768.0, 65535.0, -2147483648.0, 4294967295.0, -0x1p63, 0x1p64, 1.0);
        assertThat(columns).allMatch(column -> !column.isNull(0) && column.isNull(1) && column.hasNulls());
    }

    @Test
    void readsFloatsOfEveryWidth() throws Exception {
        Schema schema = new Schema(List.of(
                field("f16", new ArrowType.FloatingPoint(FloatingPointPrecision.HALF)),
                field("f64", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE))));
        byte[] message = ArrowMessages.write(STREAM, NO_COMPRESSION, schema, root -> {
            root.allocateNew();
            ((Float2Vector) root.getVector("f16")).set(0, Float16.toFloat16(-1.5f));
            ((Float8Vector) root.getVector("f64")).set(0, Math.PI);
            root.setRowCount(2);
        });
        List<Column> columns = decode(message, projection(Kind.NUMBER, "f64", "f16"))
                .blocks()
                .getFirst()
                .columns();

        assertThat(((FloatColumn) columns.get(0)).number(0)).isEqualTo(Math.PI);
        assertThat(((FloatColumn) columns.get(1)).number(0)).isEqualTo(-1.5);
        assertThat(columns).allMatch(column -> column.isNull(1));
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void readsTextListsAndNullsInEitherContainerAndEveryCompression(Container container) throws Exception {
        for (CodecType codec : List.of(NO_COMPRESSION, LZ4_FRAME, ZSTD)) {
            byte[] message = ArrowMessages.mixed(container, codec, 100);
            List<Column> columns = decode(message, mixed()).blocks().getFirst().columns();
            NumberColumn x = (NumberColumn) columns.get(0);
            TextColumn site = (TextColumn) columns.get(1);
            ListColumn tags = (ListColumn) columns.get(2);
            IntegerColumn elements = (IntegerColumn) tags.elements();
            for (int row = 0; row < 100; row++) {
                assertThat(x.isNull(row)).isEqualTo(row % 7 == 0);
                assertThat(site.isNull(row)).isEqualTo(row % 7 == 0);
                if (row % 7 != 0) {
                    assertThat(x.number(row)).isEqualTo(row / 4.0);
                    assertThat(site.text(row)).isEqualTo("site-" + row);
                }
                assertThat(tags.end(row) - tags.start(row)).isEqualTo(row % 4);
                for (int i = 0; i < row % 4; i++) {
                    assertThat(elements.integer(tags.start(row) + i)).isEqualTo(row + i);
                }
            }
        }
    }

    @Test
    void readsLargeAndBinaryVariantsAndFixedLists() throws Exception {
        Schema schema = new Schema(List.of(
                field("wide", new ArrowType.LargeUtf8()),
                field("raw", new ArrowType.Binary()),
                list("far", new ArrowType.LargeList(), field("item", new ArrowType.Int(64, true))),
                list("pair", new ArrowType.FixedSizeList(2), field("item", new ArrowType.Int(32, true)))));
        byte[] message = ArrowMessages.write(STREAM, NO_COMPRESSION, schema, root -> {
            root.allocateNew();
            ((LargeVarCharVector) root.getVector("wide")).setSafe(1, "wide".getBytes(UTF_8));
            ((VarBinaryVector) root.getVector("raw")).setSafe(1, new byte[] {-1, 0});
            var far = ((LargeListVector) root.getVector("far")).getWriter();
            far.setPosition(1);
            far.startList();
            far.bigInt().writeBigInt(Long.MAX_VALUE);
            far.endList();
            FixedSizeListVector pair = (FixedSizeListVector) root.getVector("pair");
            pair.setNotNull(1);
            ((IntVector) pair.getDataVector()).setSafe(2, 20);
            ((IntVector) pair.getDataVector()).setSafe(3, 30);
            ((LargeListVector) root.getVector("far")).setValueCount(2);
            pair.setValueCount(2);
            root.setRowCount(2);
        });
        Projection projection = Projection.of(
                Wanted.required("raw", Kind.CATEGORY),
                Wanted.required("wide", Kind.CATEGORY),
                Wanted.required("pair", Kind.LIST),
                Wanted.required("far", Kind.LIST));
        List<Column> columns = decode(message, projection).blocks().getFirst().columns();

        TextColumn raw = (TextColumn) columns.get(0);
        assertThat(raw.end(1) - raw.start(1)).isEqualTo(2);
        assertThat(raw.bytes()[raw.start(1)]).isEqualTo((byte) -1);
        assertThat(((TextColumn) columns.get(1)).text(1)).isEqualTo("wide");
        ListColumn pair = (ListColumn) columns.get(2);
        assertThat(((IntegerColumn) pair.elements()).integer(pair.start(1))).isEqualTo(20);
        assertThat(((IntegerColumn) pair.elements()).integer(pair.end(1) - 1)).isEqualTo(30);
        ListColumn far = (ListColumn) columns.get(3);
        assertThat(((IntegerColumn) far.elements()).integer(far.start(1))).isEqualTo(Long.MAX_VALUE);
        assertThat(columns).allMatch(column -> column.isNull(0) && !column.isNull(1));
    }

    @ParameterizedTest
    @EnumSource(names = {"LZ4_FRAME", "ZSTD"})
    void readsCompressedBuffersThatHaveNothingInThem(CodecType codec) throws Exception {
        Schema schema =
                new Schema(List.of(list("tags", new ArrowType.List(), field("item", new ArrowType.Int(32, true)))));
        byte[] message = ArrowMessages.write(STREAM, codec, schema, root -> {
            ListVector tags = (ListVector) root.getVector("tags");
            tags.allocateNew();
            tags.startNewValue(0);
            tags.endValue(0, 0);
            root.setRowCount(1);
        });
        ListColumn tags = (ListColumn) decode(message, projection(Kind.LIST, "tags"))
                .blocks()
                .getFirst()
                .column(0);

        assertThat(tags.isNull(0)).isFalse();
        assertThat(tags.end(0) - tags.start(0)).isZero();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void keepsDictionariesAsDictionariesOverSeveralBatches(Container container) throws Exception {
        byte[] message = ArrowMessages.coded(container, NO_COMPRESSION, "red", "", "blue", "red");
        DecodedRecord record = decode(message, projection(Kind.CATEGORY, "code"));

        assertThat(record.rows()).isEqualTo(8);
        assertThat(record.blocks()).extracting(block -> block.firstRow()).containsExactly(0, 4);
        CodedColumn code = (CodedColumn) record.blocks().getLast().column(0);
        TextColumn entries = (TextColumn) code.dictionary();
        assertThat(entries.text(code.code(2))).isEqualTo("blue");
        assertThat(code.code(0)).isEqualTo(code.code(3));
        assertThat(code.isNull(1)).isTrue();
    }

    @Test
    void writesColumnsIntoStridedMemory() throws Exception {
        byte[] message = ArrowMessages.mixed(STREAM, NO_COMPRESSION, 20);
        NumberColumn x = (NumberColumn) decode(message, projection(Kind.NUMBER, "x"))
                .blocks()
                .getFirst()
                .column(0);
        for (int stride : List.of(Float.BYTES, 3 * Float.BYTES)) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment to = arena.allocate(200 * Float.BYTES);
                x.copyTo(6, 10, to, 8, stride, -1f);
                for (int i = 0; i < 10; i++) {
                    float expected = (i + 6) % 7 == 0 ? -1f : (i + 6) / 4f;
                    assertThat(to.get(ValueLayout.JAVA_FLOAT, 8 + (long) i * stride))
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void readsFromAnyBufferAndLeavesItAsItWas() throws Exception {
        byte[] message = ArrowMessages.mixed(STREAM, NO_COMPRESSION, 10);
        ByteBuffer direct = ByteBuffer.allocateDirect(message.length + 16);
        direct.position(5).put(message).flip().position(5);
        ByteBuffer slice = ByteBuffer.allocate(message.length + 16);
        slice.position(9).put(message).flip().position(9);

        assertThat(format.decode(ORIGIN, direct, mixed()).rows()).isEqualTo(10);
        assertThat(format.decode(ORIGIN, slice, mixed()).rows()).isEqualTo(10);
        assertThat(direct.position()).isEqualTo(5);
        assertThat(slice.position()).isEqualTo(9);
    }

    @Test
    void namesAColumnThatIsMissing() {
        assertUndecodable(
                ArrowMessages.mixed(STREAM, NO_COMPRESSION, 10),
                projection(Kind.NUMBER, "clicked"),
                Reason.MISSING_COLUMN,
                "missing=clicked");
    }

    @Test
    void namesAColumnOfAWrongTypeAndStepsOverOneThatNobodyWants() throws Exception {
        Schema schema = new Schema(List.of(
                field("when", new ArrowType.Timestamp(TimeUnit.MICROSECOND, null)),
                field("n", new ArrowType.Int(32, true))));
        byte[] message = ArrowMessages.write(STREAM, NO_COMPRESSION, schema, root -> {
            root.allocateNew();
            ((TimeStampMicroVector) root.getVector("when")).set(0, 1);
            ((IntVector) root.getVector("n")).set(0, 7);
            root.setRowCount(1);
        });
        assertUndecodable(message, projection(Kind.NUMBER, "when"), Reason.WRONG_TYPE, "column=when type=timestamp");
        assertUndecodable(message, projection(Kind.LIST, "n"), Reason.WRONG_TYPE, "column=n type=i32");

        IntegerColumn n = (IntegerColumn) decode(message, projection(Kind.NUMBER, "n"))
                .blocks()
                .getFirst()
                .column(0);
        assertThat(n.integer(0)).isEqualTo(7);
    }

    @Test
    void saysSoWhereThereIsNothing() {
        byte[] empty = ArrowMessages.mixed(STREAM, NO_COMPRESSION, 0);
        assertUndecodable(empty, mixed(), Reason.EMPTY, "no rows");
        assertUndecodable(new byte[0], mixed(), Reason.EMPTY, "no bytes");
        assertThatThrownBy(() -> format.decode(ORIGIN, (byte[]) null, mixed()))
                .isInstanceOfSatisfying(
                        UndecodableException.class, e -> assertThat(e.reason()).isEqualTo(Reason.EMPTY));
    }

    @Test
    void refusesWhatIsNotArrow() {
        assertUndecodable("{\"x\": 1}".getBytes(UTF_8), mixed(), Reason.CORRUPT, "continuation marker");
    }

    @Test
    void refusesMoreThanTheLimits() {
        byte[] message = ArrowMessages.mixed(STREAM, ZSTD, 1000);
        assertThatThrownBy(() -> new ArrowFormat(new Limits(1 << 20, 999)).decode(ORIGIN, message, mixed()))
                .isInstanceOfSatisfying(
                        UndecodableException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
        assertThatThrownBy(() -> new ArrowFormat(new Limits(1000, 1000)).decode(ORIGIN, message, mixed()))
                .isInstanceOfSatisfying(
                        UndecodableException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
    }

    @Test
    void rereadsTheSchemaWhenItOrTheProjectionChanges() throws Exception {
        Projection one = projection(Kind.NUMBER, "x");
        Projection other = projection(Kind.CATEGORY, "site");
        byte[] narrow = ArrowMessages.write(
                STREAM, NO_COMPRESSION, new Schema(List.of(field("x", new ArrowType.Int(32, true)))), root -> {
                    root.allocateNew();
                    root.setRowCount(1);
                });
        byte[] mixed = ArrowMessages.mixed(STREAM, NO_COMPRESSION, 8);

        assertThat(decode(mixed, one).blocks().getFirst().column(0)).isInstanceOf(FloatColumn.class);
        assertThat(decode(mixed, other).blocks().getFirst().column(0)).isInstanceOf(TextColumn.class);
        assertThat(decode(narrow, one).blocks().getFirst().column(0)).isInstanceOf(IntegerColumn.class);
        assertThat(decode(mixed, one).blocks().getFirst().column(0)).isInstanceOf(FloatColumn.class);
    }

    private void assertUndecodable(byte[] message, Projection projection, Reason reason, String detail) {
        assertThatThrownBy(() -> decode(message, projection))
                .isInstanceOfSatisfying(
                        UndecodableException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(detail);
    }

    private DecodedRecord decode(byte[] message, Projection projection) throws UndecodableException {
        return format.decode(ORIGIN, message, projection);
    }

    private static Projection mixed() {
        return Projection.of(
                Wanted.required("x", Kind.NUMBER),
                Wanted.required("site", Kind.CATEGORY),
                Wanted.required("tags", Kind.LIST));
    }

    private static Projection projection(Kind kind, String... names) {
        return new Projection(
                Arrays.stream(names).map(name -> Wanted.required(name, kind)).toList());
    }
}
