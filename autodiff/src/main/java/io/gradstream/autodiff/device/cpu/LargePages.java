package io.gradstream.autodiff.device.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * Zeroed memory for which Linux is asked for pages of two megabytes. Rows of a large table are read here and there, and with pages of four
 * kilobytes most of that time is spent on finding out where a page is. Where there are no such pages the memory is as good as any.
 */
final class LargePages {
    private static final long SIZE = 2L << 20;
    private static final int READ_AND_WRITE = 1 | 2;
    private static final int PRIVATE_AND_ANONYMOUS = 0x2 | 0x20;
    private static final int NO_FILE = -1;
    private static final long FAILED = -1;
    private static final int IN_LARGE_PAGES = 14;

    private static final boolean LINUX =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux");

    private static final class Functions {
        static final MethodHandle MAP =
                find("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
        static final MethodHandle UNMAP = find("munmap", JAVA_INT, ADDRESS, JAVA_LONG);
        static final MethodHandle ADVISE = find("madvise", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

        @SuppressWarnings("restricted")
        private static MethodHandle find(String name, MemoryLayout result, MemoryLayout... arguments) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
        }
    }

    private LargePages() {}

    /** Whether so many bytes can make use of such a page. */
    static boolean suit(long bytes) {
        return LINUX && bytes >= SIZE;
    }

    /** Memory that begins with a page and is given back when the arena is closed. */
    @SuppressWarnings("restricted")
    static MemorySegment allocate(long bytes, Arena arena) {
        long length = Math.addExact(bytes, SIZE);
        MemorySegment mapped = map(length);
        long start = Math.ceilDiv(mapped.address(), SIZE) * SIZE;
        advise(MemorySegment.ofAddress(start), bytes);
        return MemorySegment.ofAddress(start).reinterpret(bytes, arena, _ -> unmap(mapped, length));
    }

    private static MemorySegment map(long length) {
        MemorySegment mapped;
        try {
            mapped = (MemorySegment) Functions.MAP.invokeExact(
                    MemorySegment.NULL, length, READ_AND_WRITE, PRIVATE_AND_ANONYMOUS, NO_FILE, 0L);
        } catch (Throwable e) {
            throw OneDnn.unexpected(e);
        }
        if (mapped.address() == FAILED) {
            throw new OutOfMemoryError("the system has no room for more memory outside the heap: bytes=" + length);
        }
        return mapped;
    }

    /** A refusal changes nothing but the speed. */
    private static void advise(MemorySegment start, long bytes) {
        try {
            int _ = (int) Functions.ADVISE.invokeExact(start, bytes, IN_LARGE_PAGES);
        } catch (Throwable e) {
            throw OneDnn.unexpected(e);
        }
    }

    private static void unmap(MemorySegment mapped, long length) {
        int status;
        try {
            status = (int) Functions.UNMAP.invokeExact(mapped, length);
        } catch (Throwable e) {
            throw OneDnn.unexpected(e);
        }
        if (status != 0) {
            throw new AssertionError("memory must be mapped until it is given back: bytes=" + length);
        }
    }
}
