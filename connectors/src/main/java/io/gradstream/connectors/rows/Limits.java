package io.gradstream.connectors.rows;

/**
 * How much one record may ask of the decoder, beyond the bytes that it brings along.
 *
 * @param bytes the most memory that decoding may allocate for decompressed, converted or copied data
 * @param rows the most rows in one record
 */
public record Limits(long bytes, int rows) {
    /** Generous for a record that fits into Kafka: 256 MiB and four million rows. */
    public static final Limits DEFAULT = new Limits(256L << 20, 1 << 22);

    public Limits {
        if (bytes < 1 || rows < 1) {
            throw new IllegalArgumentException("limits must be positive: bytes=" + bytes + " rows=" + rows);
        }
    }
}
