package io.gradstream.pipeline.operation;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.MemoryUse;
import io.gradstream.connectors.topic.MetricEvent;
import io.gradstream.connectors.topic.StepMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The meters of a trainer as a whole; those of its stages stand where the stages are. */
final class OperationMeters {
    private final Operation operation;
    private final MeterRegistry registry;
    private final Timer latency;
    private final Timer writing;
    private final Counter failures;

    OperationMeters(Operation operation, MeterRegistry registry) {
        this.operation = operation;
        this.registry = registry;
        phases();
        training();
        device();
        latency = timer("gradstream.published.latency", "from the making of a version until it is visible");
        gauge("gradstream.published.version", "the newest version", of(Operation::published, Landmark::version));
        age("gradstream.published.age", "since the newest version was made", Operation::published);
        writing = timer("gradstream.checkpoint.duration", "the writing of a checkpoint");
        age("gradstream.checkpoint.age", "since the newest checkpoint was made", Operation::kept);
        failures = Counter.builder("gradstream.checkpoint.failures")
                .description("checkpoints that could not be written")
                .register(registry);
    }

    private void phases() {
        for (Phase phase : Phase.values()) {
            Gauge.builder("gradstream.phase", operation, o -> o.phase() == phase ? 1 : 0)
                    .description("1 for what the trainer is doing")
                    .tag("phase", phase.label())
                    .register(registry);
        }
        gauge(
                "gradstream.ready",
                "1 while rows that come are learned from",
                o -> flag(o.readiness().ready()));
        gauge(
                "gradstream.paused",
                "1 while somebody holds training",
                o -> flag(o.controls().paused()));
        gauge(
                "gradstream.recovery.steps",
                "steps of the journal taken again",
                o -> o.recovery().steps());
        gauge(
                "gradstream.recovery.of",
                "steps of the journal to take again",
                o -> o.recovery().of());
        gauge(
                "gradstream.stream.listeners",
                "clients of /api/stream",
                o -> o.records().listeners());
        TimeGauge.builder(
                        "gradstream.uptime",
                        operation,
                        TimeUnit.MILLISECONDS,
                        o -> o.since(o.started()).toMillis())
                .description("since the trainer began to connect")
                .register(registry);
    }

    private void training() {
        gauge("gradstream.training.steps", "steps the model has taken in its life", figure(StepMetrics::step));
        gauge("gradstream.training.rows", "rows the model has learned from in its life", figure(StepMetrics::rows));
        gauge("gradstream.training.rate", "rows per second of late", figure(StepMetrics::rowsPerSecond));
        gauge("gradstream.training.loss", "mean loss of the newest step", figure(StepMetrics::loss));
        gauge("gradstream.training.gradient.norm", "before clipping", figure(StepMetrics::gradNorm));
        gauge("gradstream.training.learning.rate", "of the newest step", figure(StepMetrics::learningRate));
        gauge("gradstream.training.skipped", "steps that were not finite", figure(StepMetrics::skippedSteps));
        gauge(
                "gradstream.training.progressive.loss",
                "mean loss of rows before they were learned from",
                figure(each -> each.progressive().getOrDefault("loss", Double.NaN)));
    }

    private void device() {
        memory("used", "taken of the memory of a device that has its own", MemoryUse::used);
        memory("free", "left of it, whoever has the rest", MemoryUse::free);
    }

    private void memory(String what, String description, ToDoubleFunction<MemoryUse> bytes) {
        ToDoubleFunction<Operation> now = of(o -> o.device().flatMap(Device::memory), bytes);
        Gauge.builder("gradstream.device.memory." + what, operation, now)
                .description(description)
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
    }

    void happened(MetricEvent event) {
        registry.counter("gradstream.events", "event", event.event()).increment();
    }

    void published(Duration sinceMade) {
        latency.record(sinceMade);
    }

    void kept(Duration took) {
        writing.record(took);
    }

    void notKept() {
        failures.increment();
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .publishPercentiles(0.5, 0.99)
                .register(registry);
    }

    private void gauge(String name, String description, ToDoubleFunction<Operation> value) {
        Gauge.builder(name, operation, value).description(description).register(registry);
    }

    private void age(String name, String description, Function<Operation, Optional<Landmark>> of) {
        TimeGauge.builder(
                        name,
                        operation,
                        TimeUnit.MILLISECONDS,
                        of(of, moment -> operation.since(moment.time()).toMillis()))
                .description(description)
                .register(registry);
    }

    private static ToDoubleFunction<Operation> figure(ToDoubleFunction<StepMetrics> figure) {
        return of(Operation::last, figure);
    }

    private static <T> ToDoubleFunction<Operation> of(
            Function<Operation, Optional<T>> thing, ToDoubleFunction<T> figure) {
        return operation -> thing.apply(operation).map(figure::applyAsDouble).orElse(Double.NaN);
    }

    private static double flag(boolean value) {
        return value ? 1 : 0;
    }
}
