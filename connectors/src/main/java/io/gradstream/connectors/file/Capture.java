package io.gradstream.connectors.file;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * The layout of a capture: records of topics, as they were, in one file that is written and read from front to back.
 *
 * <pre>
 *  file:    "GRADSTREAM CAPTURE 1\n" | frame … | closing frame
 *
 *  frame:   length of payload 4 | CRC-32C of payload 4 | payload
 *
 *  payload of the first frame:   JSON object: what was captured, and when
 *  payload of a record:          1 (1 byte) | topic | partition 4 | offset 8 | timestamp 8 | key | value | headers 4 | (name | value) …
 *  payload of the closing frame: 0 (1 byte) | number of records 8
 *
 *  topic, key, value, name:      length 4 (-1 for null) | bytes
 * </pre>
 *
 * <p>Numbers are little-endian. A file without its closing frame was cut off.
 */
final class Capture {
    static final byte[] MAGIC = "GRADSTREAM CAPTURE 1\n".getBytes(US_ASCII);

    static final byte RECORD = 1;
    static final byte END = 0;

    static final int FRAME_HEADER = 8;

    /** More than any broker lets through. */
    static final int MAX_PAYLOAD = 1 << 30;

    private Capture() {}
}
