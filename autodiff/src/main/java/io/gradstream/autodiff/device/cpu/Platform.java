package io.gradstream.autodiff.device.cpu;

import java.util.Locale;

/** The operating system and processor family of this JVM, in the spelling of native classifier jars. */
final class Platform {
    private Platform() {}

    static String name() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String family = system.contains("windows") ? "windows" : system.contains("mac") ? "macosx" : system;
        return family + "-"
                + switch (processor) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm64";
                    default -> processor;
                };
    }
}
