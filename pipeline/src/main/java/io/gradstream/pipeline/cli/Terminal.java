package io.gradstream.pipeline.cli;

import java.io.Console;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** A line at the end of stderr that is overwritten as things go on; silent where nobody could see it. */
final class Terminal {
    private static final int BAR = 24;

    private final PrintWriter err;
    private final boolean visible;

    Terminal(PrintWriter err) {
        this(err, isTerminal(System.console()));
    }

    /** A console may be missing altogether, whatever the JDK's usual one does. */
    private static boolean isTerminal(@Nullable Console console) {
        return console != null && console.isTerminal();
    }

    Terminal(PrintWriter err, boolean visible) {
        this.err = err;
        this.visible = visible;
    }

    /** Whether somebody looks at it. */
    boolean visible() {
        return visible;
    }

    void show(String line) {
        if (visible) {
            err.print("\r\033[K" + line);
            err.flush();
        }
    }

    /** How much of something is done, as a bar. */
    static String bar(double share) {
        int full = (int) Math.round(Math.clamp(share, 0, 1) * BAR);
        return "[" + "=".repeat(full) + " ".repeat(BAR - full) + "]";
    }

    void clear() {
        show("");
    }
}
