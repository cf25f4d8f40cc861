package io.gradstream.connectors.arrow;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Ways to damage a message. The same seed always does the same damage. */
final class Mutations {
    private static final int[] INTS = {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x7ffffff8, 1, 1 << 20, 1 << 30};
    private static final long[] LONGS = {
        0, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40, 1L << 31, 1L << 33, 7, -8, 1 << 28
    };

    private final byte[] message;

    Mutations(byte[] message) {
        this.message = message;
    }

    byte[] mutate(long seed) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        byte[] bytes = message.clone();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        switch ((int) Math.floorMod(seed, 8L)) {
            case 0 -> {
                for (int i = random.nextInt(8); i >= 0; i--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 1 -> {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    bytes[structure(random)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 2 -> {
                for (int i = random.nextInt(4); i >= 0; i--) {
                    bytes[structure(random)] = (byte) random.nextInt(256);
                }
            }
            case 3 ->
                buffer.putInt(Math.min(structure(random) & ~3, bytes.length - 4), INTS[random.nextInt(INTS.length)]);
            case 4 ->
                buffer.putLong(Math.min(structure(random) & ~7, bytes.length - 8), LONGS[random.nextInt(LONGS.length)]);
            case 5 -> {
                return Arrays.copyOf(bytes, random.nextInt(bytes.length));
            }
            case 6 -> {
                int at = random.nextInt(bytes.length);
                int end = Math.min(bytes.length, at + 1 + random.nextInt(64));
                while (at < end) {
                    bytes[at++] = (byte) random.nextInt(256);
                }
            }
            default -> {
                int from = random.nextInt(bytes.length);
                int to = structure(random);
                int length = Math.min(1 + random.nextInt(32), bytes.length - Math.max(from, to));
                System.arraycopy(message, from, bytes, to, length);
            }
        }
        return bytes;
    }

    /** A place where structure is likelier than data: the first kilobytes, or the last ones. */
    private int structure(Random random) {
        int span = Math.min(message.length, 2048);
        int at = random.nextInt(span);
        return random.nextInt(4) == 0 ? message.length - 1 - at : at;
    }
}
