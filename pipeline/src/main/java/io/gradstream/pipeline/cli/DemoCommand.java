package io.gradstream.pipeline.cli;

import io.gradstream.connectors.topic.StepMetrics;
import io.gradstream.pipeline.demo.Demo;
import io.gradstream.pipeline.demo.Score;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows what this is all about. */
@Command(
        name = "demo",
        description = {
            "A click stream from a Kafka broker in this process, a model that learns it, and a truth that changes on the way.",
            "With --rows it ends after so many rows and tells how close the model came to the best possible."
        })
final class DemoCommand implements Callable<Integer> {
    /** From here on down a ratio to the best possible loss is good. */
    private static final double GOOD = 1.03;

    private static final long SHOW_EVERY_NANOS = 100_000_000L;

    @Spec
    private CommandSpec spec;

    @Option(names = "--rows", paramLabel = "N", description = "Ends after so many rows; without it, it goes on.")
    private @Nullable Long rows;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "8080",
            description =
                    "The port of the dashboard, 0 for any free one (default: ${DEFAULT-VALUE}, or any if it is taken).")
    private int port;

    @Option(names = "--no-browser", description = "Opens no browser with the dashboard.")
    private boolean noBrowser;

    private long shownNanos = System.nanoTime();

    @Override
    public Integer call() {
        if (rows != null && rows < 1) {
            throw new ParameterException(spec.commandLine(), "--rows must be at least 1: " + rows);
        }
        if (port < 0 || port > 65_535) {
            throw new ParameterException(spec.commandLine(), "--port must be from 0 to 65535: " + port);
        }
        Logs.onlyWarnings();
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        PrintWriter out = spec.commandLine().getOut();
        terminal.show("starting a Kafka broker");
        try (Interruption interruption = Interruption.listen();
                Demo demo = new Demo(
                        rows == null ? OptionalLong.empty() : OptionalLong.of(rows),
                        Integer.toString(port),
                        view -> show(view, terminal))) {
            interruption.calls(demo::stop);
            terminal.clear();
            out.println(
                    "broker at " + demo.bootstrap() + ", topics demo.events, demo.weights, demo.metrics, demo.journal");
            demo.dashboard().ifPresent(url -> {
                out.println("dashboard at " + url);
                if (!noBrowser && terminal.visible()) {
                    Browser.open(url);
                }
            });
            out.flush();
            Demo.Summary summary = demo.run();
            terminal.clear();
            print(summary, out);
            return interruption.requested() ? ExitCode.INTERRUPTED : ExitCode.DONE;
        }
    }

    private void show(Demo.View view, Terminal terminal) {
        if (view.drifted()) {
            terminal.show("the truth behind the clicks has changed" + System.lineSeparator());
        }
        long now = System.nanoTime();
        if (now - shownNanos >= SHOW_EVERY_NANOS) {
            shownNanos = now;
            StepMetrics figures = view.figures();
            terminal.show(String.format(
                    Locale.ROOT,
                    "rows %,9d  log-loss %.4f  best possible %.4f  ratio %.3f  accuracy %.3f  AUC %.3f  gradient %.3f"
                            + "  version %d  %,.0f rows/s  lag %d",
                    figures.rows(),
                    view.recent().loss(),
                    view.recent().best(),
                    view.recent().ratio(),
                    figure(figures, "recent_accuracy"),
                    figure(figures, "recent_auc"),
                    figures.gradNorm(),
                    figures.version(),
                    figures.rowsPerSecond(),
                    figures.lag()));
        }
    }

    private static void print(Demo.Summary summary, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "learned %,d rows in %.1f s: %,.0f rows/s%n",
                summary.rows(),
                summary.seconds(),
                summary.rows() / summary.seconds());
        StepMetrics last = summary.last();
        if (last != null) {
            out.printf(
                    Locale.ROOT,
                    "version %d after %,d steps, accuracy %.3f, AUC %.3f%n",
                    last.version(),
                    last.step(),
                    figure(last, "recent_accuracy"),
                    figure(last, "recent_auc"));
        }
        out.println("                  log-loss  best possible  ratio");
        print("before the drift", summary.beforeDrift(), out);
        print("at the end", summary.atEnd(), out);
        out.flush();
    }

    private static void print(String when, @Nullable Score score, PrintWriter out) {
        if (score == null) {
            out.printf("%-18snot reached%n", when);
            return;
        }
        out.printf(
                Locale.ROOT,
                "%-18s%.4f    %.4f         %.4f  %s%n",
                when,
                score.loss(),
                score.best(),
                score.ratio(),
                score.ratio() <= GOOD ? "within 3 %" : "more than 3 %");
    }

    private static double figure(StepMetrics figures, String name) {
        return figures.progressive().getOrDefault(name, Double.NaN);
    }
}
