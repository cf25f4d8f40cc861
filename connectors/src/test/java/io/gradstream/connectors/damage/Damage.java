package io.gradstream.connectors.damage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Ways to damage a document of text, numbers and lengths. The same seed always does the same damage. */
public final class Damage {
    private static final List<byte[]> WORDS = List.of(
                    "-1",
                    "0",
                    "1e999",
                    "9223372036854775807",
                    "9223372036854775808",
                    "2147483648",
                    "4294967295",
                    "null",
                    "true",
                    "\"\"",
                    "{}",
                    "[]",
                    "[[[[",
                    "}",
                    "]",
                    ",",
                    ":",
                    "\\u0000",
                    "NaN",
                    "..",
                    "/",
                    "0".repeat(2000))
            .stream()
            .map(word -> word.getBytes(UTF_8))
            .toList();
    private static final long[] LENGTHS = {
        0, -1, Long.MAX_VALUE, Long.MIN_VALUE, Integer.MAX_VALUE, 1L << 31, 1L << 33, 100_000_000, 8, 1
    };

    private Damage() {}

    public static byte[] of(byte[] document, long seed) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        byte[] damaged = once(document, random);
        return random.nextInt(3) == 0 && damaged.length > 0 ? once(damaged, random) : damaged;
    }

    private static byte[] once(byte[] document, Random random) {
        byte[] bytes = document.clone();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(7)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt(256);
            case 2 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 3 -> {
                byte[] word = WORDS.get(random.nextInt(WORDS.size()));
                return joined(bytes, at, word, Math.min(bytes.length, at + random.nextInt(8)));
            }
            case 4 -> {
                byte[] again = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(64)));
                return joined(bytes, at, again, at);
            }
            case 5 -> {
                return joined(bytes, at, new byte[0], Math.min(bytes.length, at + 1 + random.nextInt(32)));
            }
            default -> {
                if (bytes.length >= Long.BYTES) {
                    int where = random.nextBoolean() ? 0 : random.nextInt(bytes.length - Long.BYTES + 1);
                    ByteBuffer.wrap(bytes)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(where, LENGTHS[random.nextInt(LENGTHS.length)]);
                }
            }
        }
        return bytes;
    }

    /** What is before a place, something else, and what is from another place on. */
    private static byte[] joined(byte[] bytes, int until, byte[] between, int from) {
        return ByteBuffer.allocate(until + between.length + bytes.length - from)
                .put(bytes, 0, until)
                .put(between)
                .put(bytes, from, bytes.length - from)
                .array();
    }
}
