package io.gradstream.gpu.emulator;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The CUDA driver of this process: an emulator that runs the module's kernels on the processor. It is built at the first use, which takes some
 * seconds, and kept until its sources change. A test that uses it needs {@code NATIVE_TOOLCHAIN}.
 */
public final class Emulator {
    private static final long LONGEST_TEXT = 1 << 16;
    private static @Nullable Emulator loaded;
    private static @Nullable RuntimeException failed;

    private final EmulatorBuild build;
    private final MethodHandle counter;
    private final MethodHandle set;
    private final MethodHandle failure;
    private final MethodHandle forgetFailures;

    private Emulator(EmulatorBuild build) {
        this.build = build;
        SymbolLookup symbols = SymbolLookup.libraryLookup(build.driver(), Arena.global());
        counter = function(symbols, "emulator_counter", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        set = function(symbols, "emulator_set", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
        failure = function(symbols, "emulator_failure", FunctionDescriptor.of(ADDRESS));
        forgetFailures = function(symbols, "emulator_forget_failures", FunctionDescriptor.ofVoid());
    }

    /** Makes the emulator the driver of this process, and its cuBLAS 12 the cuBLAS, for all that look for them from now on. */
    public static synchronized Emulator load() {
        if (failed != null) {
            throw failed;
        }
        if (loaded == null) {
            Emulator emulator = new Emulator(once());
            System.setProperty("gradstream.cuda.driver", emulator.driver().toString());
            System.setProperty("gradstream.cuda.cublas", emulator.cublas(12).toString());
            loaded = emulator;
        }
        return loaded;
    }

    /** Builds, and remembers a failure: what does not compile would fail for every test again, and each time take as long. */
    private static EmulatorBuild once() {
        try {
            return built();
        } catch (RuntimeException e) {
            failed = e;
            throw e;
        }
    }

    /** Flags that make it the driver of another JVM. */
    public static List<String> flags() {
        EmulatorBuild built = built();
        return List.of("-Dgradstream.cuda.driver=" + built.driver(), "-Dgradstream.cuda.cublas=" + built.cublas12());
    }

    static EmulatorBuild built() {
        try {
            return EmulatorBuild.make();
        } catch (IOException | ExecutionException e) {
            throw new IllegalStateException("the emulator must compile", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the emulator is built", e);
        }
    }

    public Path driver() {
        return build.driver();
    }

    /** The library of cuBLAS 12 or 13. */
    public Path cublas(int version) {
        return switch (version) {
            case 12 -> build.cublas12();
            case 13 -> build.cublas13();
            default -> throw new IllegalArgumentException("there is cuBLAS 12 and 13: version=" + version);
        };
    }

    public long count(Counter what) {
        try (Arena arena = Arena.ofConfined()) {
            return (long) counter.invokeExact(arena.allocateFrom(what.name()));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    public void set(Setting setting, long value) {
        try (Arena arena = Arena.ofConfined()) {
            int known = (int) set.invokeExact(arena.allocateFrom(setting.key()), value);
            if (known == 0) {
                throw new AssertionError("the emulator knows each setting: setting=" + setting.key());
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** What was wrong last, in words. */
    public String failure() {
        try {
            return ((MemorySegment) failure.invokeExact())
                    .reinterpret(LONGEST_TEXT)
                    .getString(0);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Makes cards work again after a kernel failed, as a new process would. */
    public void forgetFailures() {
        try {
            forgetFailures.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MethodHandle function(SymbolLookup symbols, String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), descriptor);
    }
}
