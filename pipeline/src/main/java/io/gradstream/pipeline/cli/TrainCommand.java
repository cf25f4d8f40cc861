package io.gradstream.pipeline.cli;

import io.gradstream.config.Configuration;
import io.gradstream.connectors.topic.StepMetrics;
import io.gradstream.pipeline.LastingPipeline;
import io.gradstream.pipeline.PipelineListener;
import io.gradstream.pipeline.http.TrainerServer;
import io.gradstream.pipeline.operation.Operation;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The service. */
@Command(
        name = "train",
        description = "Trains on the source topics and publishes to the weights topic, until it is stopped.")
final class TrainCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(TrainCommand.class);
    private static final long SHOW_EVERY_NANOS = 200_000_000L;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigurationOptions options;

    @Override
    public Integer call() {
        Configuration configuration = options.load();
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        Progress progress = new Progress(terminal);
        try (Interruption interruption = Interruption.listen();
                Operation operation = new Operation(configuration);
                @Nullable TrainerServer _ = TrainerServer.start(operation)) {
            LastingPipeline pipeline = new LastingPipeline(operation, progress);
            interruption.asks(pipeline::stop);
            pipeline.run();
            terminal.clear();
            progress.summary();
            return interruption.requested() ? ExitCode.INTERRUPTED : ExitCode.DONE;
        }
    }

    /** What a person wants to see while it runs. */
    private static final class Progress implements PipelineListener {
        private final Terminal terminal;
        private final AtomicReference<@Nullable StepMetrics> last = new AtomicReference<>();
        private long shownNanos = System.nanoTime();

        Progress(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void recovered(long done, long of, long rows) {
            long now = System.nanoTime();
            if (done == of || now - shownNanos >= SHOW_EVERY_NANOS) {
                shownNanos = now;
                terminal.show(String.format(
                        Locale.ROOT,
                        "recovers %s %,d of %,d steps  rows %,d",
                        Terminal.bar((double) done / of),
                        done,
                        of,
                        rows));
            }
        }

        @Override
        public void stepped(StepMetrics figures) {
            last.set(figures);
            long now = System.nanoTime();
            if (now - shownNanos >= SHOW_EVERY_NANOS) {
                shownNanos = now;
                terminal.show(line(figures));
            }
        }

        void summary() {
            StepMetrics figures = last.get();
            if (figures == null) {
                log.info("training ended: no step was taken");
            } else {
                log.info("training ended: {}", line(figures));
            }
        }

        private static String line(StepMetrics figures) {
            return String.format(
                    Locale.ROOT,
                    "step %,d  rows %,d  loss %.4f  progressive %.4f  gradient %.3g  %,.0f rows/s  lag %,d",
                    figures.step(),
                    figures.rows(),
                    figures.loss(),
                    figures.progressive().getOrDefault("loss", Double.NaN),
                    figures.gradNorm(),
                    figures.rowsPerSecond(),
                    figures.lag());
        }
    }
}
