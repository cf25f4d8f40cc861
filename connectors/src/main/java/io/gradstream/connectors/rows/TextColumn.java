package io.gradstream.connectors.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;

/**
 * Text, or any bytes, end to end in a byte array.
 *
 * <p>To tell categories apart the bytes will do: compare or hash {@link #bytes()} from {@link #start} to {@link #end}. They are
 * not promised to be valid UTF-8.
 */
public final class TextColumn implements Column {
    private final byte[] bytes;
    private final int base;
    private final Offsets offsets;
    private final Validity validity;

    /**
     * Text that lies in part of an array.
     *
     * @param base the place in {@code bytes} from which the offsets count
     */
    public TextColumn(byte[] bytes, int base, int length, Offsets offsets, Validity validity) {
        Objects.checkFromIndexSize(base, length, bytes.length);
        int fault = offsets.faultIn(length);
        if (fault >= 0) {
            throw new IllegalArgumentException("text must lie within its bytes: value=" + fault + " bytes=" + length);
        }
        this.bytes = bytes;
        this.base = base;
        this.offsets = offsets;
        this.validity = validity;
    }

    /** A column in which every value is missing. */
    public static TextColumn absent(int size) {
        return new TextColumn(new byte[0], 0, 0, Offsets.every(0, size), Validity.none(size));
    }

    @Override
    public int size() {
        return offsets.size();
    }

    @Override
    public boolean isNull(int row) {
        return validity.isNull(row);
    }

    @Override
    public boolean hasNulls() {
        return validity.hasNulls();
    }

    /** The array that {@link #start} and {@link #end} point into: to be read only. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where the value's first byte is. */
    public int start(int row) {
        return base + offsets.at(Objects.checkIndex(row, size()));
    }

    /** The place behind the value's last byte. */
    public int end(int row) {
        return base + offsets.at(Objects.checkIndex(row, size()) + 1);
    }

    /** The value as a string; malformed UTF-8 shows as replacement characters. */
    public String text(int row) {
        int start = start(row);
        return new String(bytes, start, end(row) - start, UTF_8);
    }
}
