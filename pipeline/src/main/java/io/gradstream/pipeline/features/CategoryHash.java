package io.gradstream.pipeline.features;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The 64-bit number of a category, which never changes: XXH64 with seed 0 (Yann Collet, xxhash.com, "XXH64 algorithm description") of
 * the category's bytes.
 *
 * <p>A text is hashed by its UTF-8 bytes. An integer is hashed by the text that shows it in decimal, so that 42, {@code "42"} and a
 * dictionary's entry {@code "42"} are one category whatever the column's type; true and false are 1 and 0. Whoever serves the model
 * gets the bucket with any XXH64, in Python {@code xxhash.xxh64_intdigest(text) % buckets}.
 */
final class CategoryHash {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long P1 = 0x9E3779B185EBCA87L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0x85EBCA77C2B2AE63L;
    private static final long P5 = 0x27D4EB2F165667C5L;

    private static final int STRIPE = 32;

    private CategoryHash() {}

    /** The hash of the bytes from one place to another. */
    static long of(byte[] bytes, int from, int to) {
        int at = from;
        long hash;
        if (to - from >= STRIPE) {
            long v1 = Long.sum(P1, P2);
            long v2 = P2;
            long v3 = 0;
            long v4 = -P1;
            do {
                v1 = round(v1, (long) LONG.get(bytes, at));
                v2 = round(v2, (long) LONG.get(bytes, at + 8));
                v3 = round(v3, (long) LONG.get(bytes, at + 16));
                v4 = round(v4, (long) LONG.get(bytes, at + 24));
                at += STRIPE;
            } while (at <= to - STRIPE);
            hash = Long.rotateLeft(v1, 1) + Long.rotateLeft(v2, 7) + Long.rotateLeft(v3, 12) + Long.rotateLeft(v4, 18);
            hash = merge(merge(merge(merge(hash, v1), v2), v3), v4);
        } else {
            hash = P5;
        }
        return avalanche(tail(hash + (to - from), bytes, at, to));
    }

    private static long tail(long hash, byte[] bytes, int from, int to) {
        int at = from;
        long tail = hash;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            tail = Long.rotateLeft(tail ^ round(0, (long) LONG.get(bytes, at)), 27) * P1 + P4;
        }
        if (at <= to - Integer.BYTES) {
            tail = Long.rotateLeft(tail ^ ((int) INT.get(bytes, at) & 0xFFFF_FFFFL) * P1, 23) * P2 + P3;
            at += Integer.BYTES;
        }
        for (; at < to; at++) {
            tail = Long.rotateLeft(tail ^ (bytes[at] & 0xFF) * P5, 11) * P1;
        }
        return tail;
    }

    private static long round(long lane, long input) {
        return Long.rotateLeft(lane + input * P2, 31) * P1;
    }

    private static long merge(long hash, long lane) {
        return (hash ^ round(0, lane)) * P1 + P4;
    }

    private static long avalanche(long hash) {
        long mixed = (hash ^ hash >>> 33) * P2;
        mixed = (mixed ^ mixed >>> 29) * P3;
        return mixed ^ mixed >>> 32;
    }
}
