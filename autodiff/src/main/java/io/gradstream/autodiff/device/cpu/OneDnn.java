package io.gradstream.autodiff.device.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The oneDNN library of this JVM: loaded once on first use, or the remembered reason why it could not be. */
final class OneDnn {
    /** The system property that switches the library off: {@code off}. */
    static final String SWITCH = "gradstream.onednn";

    static final int UNIMPLEMENTED = 3;

    private static final int CPU = 1;
    private static final int IN_ORDER = 1;

    private static final @Nullable OneDnnFunctions FUNCTIONS;
    private static final String REASON;

    static {
        @Nullable OneDnnFunctions functions = null;
        String reason = "";
        if (System.getProperty(SWITCH, "on").equals("off")) {
            reason = "switched off by -D" + SWITCH + "=off";
        } else {
            try {
                functions = load();
            } catch (Exception | LinkageError e) {
                reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            }
        }
        FUNCTIONS = functions;
        REASON = reason;
    }

    private static final class Handles {
        static final MemorySegment ENGINE = make(
                "dnnl_engine_create", out -> (int) functions().engineCreate().invokeExact(out, CPU, 0L));
        static final MemorySegment STREAM = make(
                "dnnl_stream_create", out -> (int) functions().streamCreate().invokeExact(out, ENGINE, IN_ORDER));
    }

    private OneDnn() {}

    /** A native function that stores a handle and returns a status. */
    interface Maker {
        int call(MemorySegment out) throws Throwable;
    }

    /** A native function that returns a status. */
    interface Call {
        int call() throws Throwable;
    }

    static boolean isAvailable() {
        return FUNCTIONS != null;
    }

    /** Why the library is not available, or an empty string. */
    static String reason() {
        return REASON;
    }

    static OneDnnFunctions functions() {
        return Objects.requireNonNull(FUNCTIONS, REASON);
    }

    static MemorySegment engine() {
        return Handles.ENGINE;
    }

    static MemorySegment stream() {
        return Handles.STREAM;
    }

    /** Makes the calling thread run native kernels alone, which also fixes the order of their sums. */
    static void useOneThread() {
        try {
            functions().setThreads().invokeExact(1);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static String version() {
        try {
            MemorySegment version =
                    ((MemorySegment) functions().version().invokeExact()).reinterpret(3L * Integer.BYTES);
            return version.getAtIndex(JAVA_INT, 0) + "." + version.getAtIndex(JAVA_INT, 1) + "."
                    + version.getAtIndex(JAVA_INT, 2);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The instruction set for which the library generates its kernels. */
    static String instructionSet() {
        int[] isa = new int[1];
        run("dnnl_get_effective_cpu_isa", () -> {
            isa[0] = (int) functions().effectiveIsa().invokeExact();
            return 0;
        });
        return switch (isa[0]) {
            case 0x0 -> "default";
            case 0x1 -> "sse41";
            case 0x3 -> "avx";
            case 0x7 -> "avx2";
            case 0xf -> "avx2-vnni";
            case 0x1f -> "avx2-vnni-2";
            case 0x27 -> "avx512-core";
            case 0x67 -> "avx512-core-vnni";
            case 0xe7 -> "avx512-core-bf16";
            case 0x1ef -> "avx512-core-fp16";
            case 0xfef -> "avx512-core-amx";
            case 0x1fef -> "avx512-core-amx-fp16";
            default -> "0x" + Integer.toHexString(isa[0]);
        };
    }

    static MemorySegment make(String function, Maker maker) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            run(function, () -> maker.call(out));
            return out.get(ADDRESS, 0);
        }
    }

    static void run(String function, Call call) {
        int status;
        try {
            status = call.call();
        } catch (Throwable e) {
            throw unexpected(e);
        }
        check(function, status);
    }

    static void check(String function, int status) {
        if (status != 0) {
            throw new OneDnnException(function, status);
        }
    }

    static AssertionError unexpected(Throwable e) {
        return new AssertionError("native calls must not throw", e);
    }

    private static OneDnnFunctions load() throws Exception {
        String folder = "org/bytedeco/dnnl/" + Platform.name();
        List<Path> libraries = NativeCache.ofThisUser().unpack(OneDnn.class.getClassLoader(), folder);
        if (libraries.isEmpty()) {
            throw new IllegalStateException("no oneDNN library for this platform on the class path: folder=" + folder);
        }
        SymbolLookup openMp = SymbolLookup.libraryLookup(named(libraries, "omp"), Arena.global());
        return OneDnnFunctions.link(SymbolLookup.libraryLookup(named(libraries, "dnnl"), Arena.global()), openMp);
    }

    private static Path named(List<Path> libraries, String part) {
        return libraries.stream()
                .filter(path ->
                        path.getFileName().toString().toLowerCase(Locale.ROOT).contains(part))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("native library missing: name=" + part + " found=" + libraries));
    }
}
