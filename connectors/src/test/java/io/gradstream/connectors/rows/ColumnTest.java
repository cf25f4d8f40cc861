package io.gradstream.connectors.rows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnTest {
    @Test
    void takesNoDataThatAreTooShort() {
        byte[] data = new byte[16];
        for (FloatColumn.Width width : FloatColumn.Width.values()) {
            int fit = 16 / width.bytes();
            assertThat(new FloatColumn(width, data, 0, fit, Validity.ALL).size())
                    .isEqualTo(fit);
            assertThatThrownBy(() -> new FloatColumn(width, data, 1, fit, Validity.ALL))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        for (IntegerColumn.Width width : IntegerColumn.Width.values()) {
            int fit = 128 / width.bits();
            assertThat(new IntegerColumn(width, data, 0, fit, Validity.ALL).size())
                    .isEqualTo(fit);
            assertThatThrownBy(() -> new IntegerColumn(width, data, 0, fit + 1, Validity.ALL))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> Validity.of(data, 0, 129)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void countsNullsOfAnyNumberOfRows() {
        byte[] bits = new byte[40];
        Arrays.fill(bits, (byte) 0b1011_0111);
        for (int size : List.of(0, 1, 3, 4, 8, 63, 64, 65, 207, 320)) {
            Validity validity = Validity.of(bits, 0, size);
            int nulls = 0;
            for (int row = 0; row < size; row++) {
                nulls += validity.isNull(row) ? 1 : 0;
            }
            assertThat(validity.nulls(size)).as("size=%d", size).isEqualTo(nulls);
        }
    }

    @Test
    void readsIntegersWithoutASignAsWhatTheyAre() {
        byte[] data = ByteBuffer.allocate(24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(-1)
                .putLong(Long.MIN_VALUE)
                .putLong(5)
                .array();
        IntegerColumn column = new IntegerColumn(IntegerColumn.Width.U64, data, 0, 3, Validity.ALL);
        MemorySegment to = MemorySegment.ofArray(new float[3]);
        column.copyTo(0, 3, to, 0, Float.BYTES, 0);

        assertThat(column.number(0)).isEqualTo(0x1p64);
        assertThat(column.number(1)).isEqualTo(0x1p63);
        assertThat(to.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(0x1p64f, 0x1p63f, 5f);
    }

    @Test
    void refusesRowsThatItDoesNotHave() {
        IntegerColumn column = IntegerColumn.absent(3);
        MemorySegment to = MemorySegment.ofArray(new float[8]);

        assertThatThrownBy(() -> column.number(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> column.copyTo(2, 2, to, 0, 4, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        column.copyTo(1, 2, to, 0, 16, -1);
        assertThat(to.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(-1, 0, 0, 0, -1, 0, 0, 0);
    }

    @Test
    void refusesOffsetsThatRunBackwardsOrTooFar() {
        byte[] text = "abcdef".getBytes(UTF_8);
        assertThat(text(text, 0, 2, 2, 6).text(2)).isEqualTo("cdef");
        assertThat(text(text, 3, 4).text(0)).isEqualTo("d");
        assertThatThrownBy(() -> text(text, 0, 7)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> text(text, 0, 3, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> text(text, -1, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ListColumn(IntegerColumn.absent(5), Offsets.every(2, 3), Validity.ALL))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesCodesBeyondTheDictionary() {
        TextColumn dictionary = text("ab".getBytes(UTF_8), 0, 1, 2);
        byte[] codes = {0, 1, 2};
        IntegerColumn last = new IntegerColumn(IntegerColumn.Width.I8, codes, 0, 3, Validity.ALL);
        IntegerColumn nullLast =
                new IntegerColumn(IntegerColumn.Width.I8, codes, 0, 3, Validity.of(new byte[] {0b011}, 0, 3));

        assertThatThrownBy(() -> new CodedColumn(last, dictionary)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new CodedColumn(nullLast, dictionary).isNull(2)).isTrue();
    }

    @Test
    void numbersBlocksFromTheRecordsFirstRow() {
        Origin origin = new Origin("events", 0, 0);
        RowBlock first = new RowBlock(0, 3, List.of(IntegerColumn.absent(3)));
        RowBlock second = new RowBlock(3, 2, List.of(IntegerColumn.absent(2)));

        assertThat(new DecodedRecord(origin, List.of(first, second)).rows()).isEqualTo(5);
        assertThatThrownBy(() -> new DecodedRecord(origin, List.of(second)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RowBlock(0, 4, List.of(IntegerColumn.absent(3))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static TextColumn text(byte[] text, int... offsets) {
        ByteBuffer data = ByteBuffer.allocate(offsets.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int offset : offsets) {
            data.putInt(offset);
        }
        Offsets checked = Offsets.of(data.array(), 0, offsets.length - 1, false);
        return new TextColumn(text, 0, text.length, checked, Validity.ALL);
    }
}
