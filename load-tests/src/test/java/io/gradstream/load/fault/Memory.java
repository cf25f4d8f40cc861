package io.gradstream.load.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process takes of memory, in bytes.
 *
 * @param heap what is in use of the heap when all garbage is gone
 * @param arenas direct buffers and the arenas of foreign memory
 * @param resident all that the system gave it
 */
record Memory(long heap, long arenas, long resident) {
    /** Under these options what grows of the process is what it takes outside of its heap, and the JVM counts its arenas. */
    static final String OPTIONS = "-Xms1g -XX:+AlwaysPreTouch -XX:NativeMemoryTracking=summary";

    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    private static final Pattern OTHER = Pattern.compile("Other \\(reserved=\\d+KB, committed=(\\d+)KB\\)");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    /** Of a JVM that was started with {@link #OPTIONS}. */
    static Memory of(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        return new Memory(
                kibibytes(USED, jcmd(pid, "GC.heap_info")),
                kibibytes(OTHER, jcmd(pid, "VM.native_memory")),
                kibibytes(RESIDENT, Files.readString(Path.of("/proc", Long.toString(pid), "status"))));
    }

    private static long kibibytes(Pattern figure, String text) {
        Matcher found = figure.matcher(text);
        assertThat(found.find()).as(text).isTrue();
        return Long.parseLong(found.group(1)) << 10;
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
        assertThat(jcmd.waitFor()).as(said).isZero();
        return said;
    }

    @Override
    public String toString() {
        return "heap=%dM arenas=%dM resident=%dM".formatted(heap >> 20, arenas >> 20, resident >> 20);
    }
}
