package io.gradstream.connectors.arrow;

import io.gradstream.connectors.rows.UndecodableException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * The LZ4 frame format, decoded from array to array.
 *
 * <pre>
 *  magic 4 | flags 1 | block size 1 | [content size 8] | header checksum 1 | block … | 0 4 | [content checksum 4]
 *
 *  block:  size 4, highest bit set if stored | bytes | [block checksum 4]
 *
 *  within a block, sequences:  token 1 | [literal length …] | literals | offset 2 | [match length …]
 * </pre>
 *
 * <p>Blocks may refer back to bytes of earlier blocks, as those of Arrow's C++ implementation do: the reason to have a decoder of
 * our own. Nothing is allocated, and nothing outside the two ranges is read or written.
 */
final class Lz4Frame {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final XXHash32 HASH = XXHashFactory.fastestInstance().hash32();

    private static final int MAGIC = 0x184D2204;
    private static final int VERSION = 1;
    private static final int STORED = 0x8000_0000;
    private static final int MAX_DISTANCE = 0xFFFF;
    private static final int MIN_MATCH = 4;
    private static final int SHORT = 2 * Long.BYTES;

    private final byte[] in;
    private final int end;
    private final byte[] out;
    private int at;
    private int written;

    private Lz4Frame(byte[] in, int from, int length, byte[] out) {
        this.in = in;
        this.at = from;
        this.end = from + length;
        this.out = out;
    }

    /** Decodes one frame, which must fill the range, and gives the number of bytes written. */
    static int decode(byte[] in, int from, int length, byte[] out) throws UndecodableException {
        return new Lz4Frame(in, from, length, out).frame();
    }

    private int frame() throws UndecodableException {
        check(readInt() == MAGIC, "magic number");
        int header = at;
        int flags = readByte();
        check(flags >>> 6 == VERSION && (flags & 0x02) == 0, "flags");
        boolean blockChecksums = (flags & 0x10) != 0;
        boolean contentSize = (flags & 0x08) != 0;
        boolean contentChecksum = (flags & 0x04) != 0;
        check((flags & 0x01) == 0, "dictionary");
        int blockSize = readByte() >>> 4;
        check(blockSize >= 4 && blockSize <= 7, "block size");
        int maxBlock = 1 << (8 + 2 * blockSize);
        if (contentSize) {
            check(end - at >= Long.BYTES, "header");
            check((long) LONG.get(in, at) == out.length, "content size");
            at += Long.BYTES;
        }
        int headerEnd = at;
        check(readByte() == (HASH.hash(in, header, headerEnd - header, 0) >>> 8 & 0xFF), "header checksum");
        for (int size = readInt(); size != 0; size = readInt()) {
            block(size, maxBlock, blockChecksums);
        }
        if (contentChecksum) {
            check(readInt() == HASH.hash(out, 0, written, 0), "content checksum");
        }
        check(at == end, "end");
        return written;
    }

    private void block(int size, int maxBlock, boolean checksum) throws UndecodableException {
        int bytes = size & ~STORED;
        check(bytes <= maxBlock && bytes <= end - at, "block length");
        int from = at;
        at += bytes;
        if (checksum) {
            check(readInt() == HASH.hash(in, from, bytes, 0), "block checksum");
        }
        if ((size & STORED) != 0) {
            check(bytes <= out.length - written, "output length");
            System.arraycopy(in, from, out, written, bytes);
            written += bytes;
        } else {
            sequences(from, from + bytes);
        }
    }

    private void sequences(int from, int blockEnd) throws UndecodableException {
        int p = from;
        int to = written;
        while (p < blockEnd) {
            int token = in[p++] & 0xFF;
            int literals = token >>> 4;
            if (literals == 15) {
                int more;
                do {
                    check(p < blockEnd, "literal length");
                    more = in[p++] & 0xFF;
                    literals += more;
                } while (more == 255 && literals <= out.length);
            }
            check(literals <= blockEnd - p && literals <= out.length - to, "literals");
            copyLiterals(p, to, literals);
            p += literals;
            to += literals;
            if (p == blockEnd) {
                break;
            }
            check(blockEnd - p >= 2, "offset");
            int distance = (in[p] & 0xFF) | (in[p + 1] & 0xFF) << 8;
            p += 2;
            int match = token & 15;
            if (match == 15) {
                int more;
                do {
                    check(p < blockEnd, "match length");
                    more = in[p++] & 0xFF;
                    match += more;
                } while (more == 255 && match <= out.length);
            }
            match += MIN_MATCH;
            check(distance != 0 && distance <= to && distance <= MAX_DISTANCE && match <= out.length - to, "match");
            copyMatch(to, distance, match);
            to += match;
        }
        written = to;
    }

    /** Short runs are the rule: two words, of which the rest is overwritten later, beat a call. */
    private void copyLiterals(int from, int to, int length) {
        if (length <= SHORT && from <= in.length - SHORT && to <= out.length - SHORT) {
            LONG.set(out, to, (long) LONG.get(in, from));
            LONG.set(out, to + Long.BYTES, (long) LONG.get(in, from + Long.BYTES));
        } else {
            System.arraycopy(in, from, out, to, length);
        }
    }

    /** Copies bytes that may overlap what is being written: a distance shorter than the match repeats a pattern. */
    private void copyMatch(int to, int distance, int length) {
        int from = to - distance;
        if (distance >= Long.BYTES && length <= out.length - to - Long.BYTES) {
            for (int i = 0; i < length; i += Long.BYTES) {
                LONG.set(out, to + i, (long) LONG.get(out, from + i));
            }
            return;
        }
        for (int done = 0; done < length; ) {
            int piece = Math.min(distance + done, length - done);
            System.arraycopy(out, from, out, to + done, piece);
            done += piece;
        }
    }

    private int readByte() throws UndecodableException {
        check(at < end, "end");
        return in[at++] & 0xFF;
    }

    private int readInt() throws UndecodableException {
        check(end - at >= Integer.BYTES, "end");
        int value = (int) INT.get(in, at);
        at += Integer.BYTES;
        return value;
    }

    private static void check(boolean sound, String what) throws UndecodableException {
        if (!sound) {
            throw Faults.corrupt("compressed buffers must be sound: codec=lz4 fault=" + what);
        }
    }
}
