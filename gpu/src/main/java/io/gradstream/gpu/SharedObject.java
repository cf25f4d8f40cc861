package io.gradstream.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of a shared library in ELF (64 bit, little endian). Its needs can be renamed in place to names of the same length.
 *
 * <pre>
 * .dynstr          "libcublas.so.12\0" …            one string for both of:
 * .dynamic         NEEDED  → .dynstr                the library to load
 * .gnu.version_r   file    → .dynstr                the library whose versions are needed
 *                  vna_hash, vna_name → .dynstr     each version with the hash of its name
 * </pre>
 */
final class SharedObject {
    private static final int SECTIONS_OFFSET = 0x28;
    private static final int SECTION_SIZE = 0x3a;
    private static final int SECTION_COUNT = 0x3c;
    private static final int STRING_TABLE = 3;
    private static final int VERSION_NEEDS = 0x6ffffffe;
    private static final int ALLOCATED = 2;

    private final ByteBuffer bytes;

    SharedObject(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < 64 || this.bytes.getInt(0) != 0x464c457f || bytes[4] != 2 || bytes[5] != 1) {
            throw new IllegalArgumentException(
                    "a shared library is ELF of 64 bits, little endian: bytes=" + bytes.length);
        }
    }

    byte[] bytes() {
        return bytes.array().clone();
    }

    /** The same library, needing another one, and its versions, instead of one of a name of the same length. */
    SharedObject needing(String other, String insteadOf) {
        if (other.length() != insteadOf.length()) {
            throw new IllegalArgumentException("names must have the same length: from=" + insteadOf + " to=" + other);
        }
        SharedObject renamed = new SharedObject(bytes.array());
        renamed.renameVersions(insteadOf, other);
        int strings = renamed.renameStrings(insteadOf, other);
        if (strings == 0) {
            throw new IllegalArgumentException("a library must need what is renamed: name=" + insteadOf);
        }
        return renamed;
    }

    private record Section(int type, long flags, int offset, int size, int link, int info) {}

    private Section section(int index) {
        int at = Math.toIntExact(bytes.getLong(SECTIONS_OFFSET))
                + index * Short.toUnsignedInt(bytes.getShort(SECTION_SIZE));
        return new Section(
                bytes.getInt(at + 4),
                bytes.getLong(at + 8),
                Math.toIntExact(bytes.getLong(at + 24)),
                Math.toIntExact(bytes.getLong(at + 32)),
                bytes.getInt(at + 40),
                bytes.getInt(at + 44));
    }

    private int sections() {
        return Short.toUnsignedInt(bytes.getShort(SECTION_COUNT));
    }

    private void renameVersions(String from, String to) {
        for (int i = 0; i < sections(); i++) {
            Section needs = section(i);
            if (needs.type() == VERSION_NEEDS) {
                renameVersions(needs, section(needs.link()).offset(), from, to);
            }
        }
    }

    private void renameVersions(Section needs, int strings, String from, String to) {
        int need = needs.offset();
        for (int n = 0; n < needs.info(); n++) {
            int version = need + bytes.getInt(need + 8);
            int versions = Short.toUnsignedInt(bytes.getShort(need + 2));
            for (int v = 0; v < versions; v++) {
                if (isString(strings + bytes.getInt(version + 8), from)) {
                    bytes.putInt(version, hash(to));
                }
                version += bytes.getInt(version + 12);
            }
            need += bytes.getInt(need + 12);
        }
    }

    private int renameStrings(String from, String to) {
        int renamed = 0;
        for (int i = 0; i < sections(); i++) {
            Section strings = section(i);
            if (strings.type() != STRING_TABLE || (strings.flags() & ALLOCATED) == 0) {
                continue;
            }
            for (int at = strings.offset(); at < strings.offset() + strings.size() - from.length(); at++) {
                if (isString(at, from)) {
                    bytes.put(at, to.getBytes(StandardCharsets.US_ASCII));
                    renamed++;
                }
            }
        }
        return renamed;
    }

    private boolean isString(int at, String text) {
        byte[] wanted = (text + "\0").getBytes(StandardCharsets.US_ASCII);
        return Arrays.equals(bytes.array(), at, at + wanted.length, wanted, 0, wanted.length);
    }

    /** The hash of a name as the System V ABI defines it. */
    static int hash(String name) {
        int hash = 0;
        for (byte letter : name.getBytes(StandardCharsets.US_ASCII)) {
            hash = (hash << 4) + letter;
            int high = hash & 0xf0000000;
            hash ^= high >>> 24;
            hash &= ~high;
        }
        return hash;
    }
}
