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
            "With --rows it ends after so many rows, with 0 if the model came close to the best possible before and after."
        })
final class DemoCommand implements Callable<Integer> {
    /** How much worse than the best possible the model may be. */
    private static final double GOOD_ENOUGH = 1.03;

    private static final long SHOW_EVERY_NANOS = 100_000_000L;

    @Spec
    private CommandSpec spec;

    @Option(names = "--rows", paramLabel = "N", description = "Ends after so many rows; without it, it goes on.")
    private @Nullable Long rows;

    @Option(names = "--port", paramLabel = "P", hidden = true, description = "The port of the dashboard.")
    @SuppressWarnings("UnusedVariable") // accepted so that scripts written for the dashboard work without it
    private @Nullable Integer port;

    @Option(names = "--no-browser", hidden = true, description = "Opens no browser.")
    @SuppressWarnings("UnusedVariable") // as above
    private boolean noBrowser;

    private long shownNanos = System.nanoTime();

    @Override
    public Integer call() {
        if (rows != null && rows < 1) {
            throw new ParameterException(spec.commandLine(), "--rows must be at least 1: " + rows);
        }
        Logs.onlyWarnings();
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        PrintWriter out = spec.commandLine().getOut();
        terminal.show("starting a Kafka broker");
        try (Demo demo = new Demo(
                        rows == null ? OptionalLong.empty() : OptionalLong.of(rows), view -> show(view, terminal));
                Interruption interruption = Interruption.callsStop(demo::stop)) {
            terminal.clear();
            out.println(
                    "broker at " + demo.bootstrap() + ", topics demo.events, demo.weights, demo.metrics, demo.journal");
            Demo.Summary summary = demo.run();
            terminal.clear();
            boolean good = print(summary, out);
            if (interruption.requested()) {
                return ExitCode.INTERRUPTED;
            }
            return good ? ExitCode.DONE : ExitCode.FAILED;
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

    /** Prints what came of it and tells whether it is good enough. */
    private static boolean print(Demo.Summary summary, PrintWriter out) {
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
        boolean good = print("before the drift", summary.beforeDrift(), out);
        good &= print("at the end", summary.atEnd(), out);
        out.flush();
        return good;
    }

    private static boolean print(String when, @Nullable Score score, PrintWriter out) {
        if (score == null) {
            out.printf("%-18snot reached%n", when);
            return false;
        }
        boolean good = score.ratio() <= GOOD_ENOUGH;
        out.printf(
                Locale.ROOT,
                "%-18s%.4f    %.4f         %.4f  %s%n",
                when,
                score.loss(),
                score.best(),
                score.ratio(),
                good ? "within 3 %" : "more than 3 %");
        return good;
    }

    private static double figure(StepMetrics figures, String name) {
        return figures.progressive().getOrDefault(name, Double.NaN);
    }
}
