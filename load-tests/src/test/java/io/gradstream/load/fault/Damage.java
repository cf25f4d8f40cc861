package io.gradstream.load.fault;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Ways to damage a message. The same random numbers always do the same damage. */
enum Damage {
    BIT_FLIPS {
        @Override
        byte[] of(byte[] message, byte[] other, SplittableRandom random) {
            byte[] bytes = message.clone();
            for (int i = random.nextInt(8); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            return bytes;
        }
    },
    WRONG_BYTES {
        @Override
        byte[] of(byte[] message, byte[] other, SplittableRandom random) {
            byte[] bytes = message.clone();
            int at = random.nextInt(bytes.length);
            int end = Math.min(bytes.length, at + 1 + random.nextInt(64));
            while (at < end) {
                bytes[at++] = (byte) random.nextInt(256);
            }
            return bytes;
        }
    },
    TRUNCATION {
        @Override
        byte[] of(byte[] message, byte[] other, SplittableRandom random) {
            return Arrays.copyOf(message, random.nextInt(message.length));
        }
    },
    EXCESS {
        @Override
        byte[] of(byte[] message, byte[] other, SplittableRandom random) {
            byte[] bytes = Arrays.copyOf(message, message.length + 1 + random.nextInt(64));
            for (int i = message.length; i < bytes.length; i++) {
                bytes[i] = (byte) random.nextInt(256);
            }
            return bytes;
        }
    },
    /** A number that is believed to be a length, an offset or a count, where such numbers lie. */
    LENGTH_LIE {
        @Override
        byte[] of(byte[] message, byte[] other, SplittableRandom random) {
            byte[] bytes = message.clone();
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int at = random.nextInt(bytes.length);
            if (random.nextBoolean() && bytes.length >= Long.BYTES) {
                buffer.putLong(Math.min(at & ~7, bytes.length - Long.BYTES), LIES[random.nextInt(LIES.length)]);
            } else if (bytes.length >= Integer.BYTES) {
                buffer.putInt(Math.min(at & ~3, bytes.length - Integer.BYTES), (int) LIES[random.nextInt(LIES.length)]);
            }
            return bytes;
        }
    },
    /** A piece of another message in the middle of this one, over what was there. */
    SPLICE {
        @Override
        byte[] of(byte[] message, byte[] other, SplittableRandom random) {
            byte[] bytes = message.clone();
            int length = 1 + random.nextInt(Math.min(other.length, bytes.length));
            int from = random.nextInt(other.length - length + 1);
            System.arraycopy(other, from, bytes, random.nextInt(bytes.length - length + 1), length);
            return bytes;
        }
    },
    /** The beginning of this message and the end of another. */
    JOIN {
        @Override
        byte[] of(byte[] message, byte[] other, SplittableRandom random) {
            int head = random.nextInt(message.length + 1);
            int tail = random.nextInt(other.length + 1);
            byte[] bytes = Arrays.copyOf(message, head + tail);
            System.arraycopy(other, other.length - tail, bytes, head, tail);
            return bytes;
        }
    },
    /** A stretch of bytes left out, so that everything behind it lies elsewhere. */
    HOLE {
        @Override
        byte[] of(byte[] message, byte[] other, SplittableRandom random) {
            int length = 1 + random.nextInt(Math.min(16, message.length));
            int from = random.nextInt(message.length - length + 1);
            byte[] bytes = Arrays.copyOf(message, message.length - length);
            System.arraycopy(message, from + length, bytes, from, bytes.length - from);
            return bytes;
        }
    },
    NOISE {
        @Override
        byte[] of(byte[] message, byte[] other, SplittableRandom random) {
            byte[] bytes = new byte[random.nextInt(256)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) random.nextInt(256);
            }
            return bytes;
        }
    };

    private static final long[] LIES = {
        0,
        1,
        7,
        -1,
        -8,
        1 << 20,
        1 << 30,
        1L << 31,
        1L << 33,
        1L << 40,
        Integer.MAX_VALUE,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    /** The message, damaged; {@code other} is one to take pieces of. Neither is changed. */
    abstract byte[] of(byte[] message, byte[] other, SplittableRandom random);
}
