package io.gradstream.pipeline.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The browser of whoever sits before this machine, if anybody does. */
final class Browser {
    private static final Logger log = LoggerFactory.getLogger(Browser.class);

    private Browser() {}

    /** Shows a page, or does nothing where that is not possible. */
    static void open(String url) {
        opener().ifPresent(program -> {
            try {
                List<String> command = new ArrayList<>(program);
                command.add(url);
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException e) {
                log.debug("no browser could be opened: url={} reason={}", url, e.getMessage());
            }
        });
    }

    private static Optional<List<String>> opener() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.contains("mac")) {
            return Optional.of(List.of("open"));
        }
        if (system.contains("windows")) {
            return Optional.of(List.of("rundll32", "url.dll,FileProtocolHandler"));
        }
        boolean screen = System.getenv("DISPLAY") != null || System.getenv("WAYLAND_DISPLAY") != null;
        return screen ? Optional.of(List.of("xdg-open")) : Optional.empty();
    }
}
