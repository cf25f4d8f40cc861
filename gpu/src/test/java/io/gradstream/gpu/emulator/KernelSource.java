package io.gradstream.gpu.emulator;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file of kernels, and the committed PTX that says which kernels it has. */
record KernelSource(Path source, Path ptx) {
    private static final Pattern ENTRY = Pattern.compile("\\.entry\\s+(\\w+)");

    static List<KernelSource> in(Path sources, Path ptx) throws IOException {
        List<KernelSource> found = new ArrayList<>();
        if (Files.isDirectory(sources)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(sources, "*.cu")) {
                for (Path source : files) {
                    String name = source.getFileName().toString().replaceFirst("\\.cu$", ".ptx");
                    found.add(new KernelSource(source, ptx.resolve(name)));
                }
            }
        }
        found.sort((a, b) -> a.source.compareTo(b.source));
        return found;
    }

    /** C++ that has the kernels and makes them known by their names. */
    String unit() throws IOException {
        if (!Files.exists(ptx)) {
            throw new IllegalStateException(
                    "kernels have committed PTX, generate it: source=" + source + " ptx=" + ptx);
        }
        StringBuilder unit = new StringBuilder("namespace {\n#include \"" + source + "\"\n}\n");
        Matcher entries = ENTRY.matcher(Files.readString(ptx));
        while (entries.find()) {
            unit.append("EMULATOR_KERNEL(").append(entries.group(1)).append(")\n");
        }
        return unit.toString();
    }
}
