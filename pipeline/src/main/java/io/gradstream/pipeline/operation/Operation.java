package io.gradstream.pipeline.operation;

import io.gradstream.autodiff.device.Device;
import io.gradstream.config.Configuration;
import io.gradstream.connectors.kafka.PartitionStatus;
import io.gradstream.connectors.topic.MetricEvent;
import io.gradstream.connectors.topic.StepMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A trainer as it is seen from outside, from before it reaches its broker until it has ended. Its stages say here what they have
 * done, each on its own thread; whoever reads sees the newest of everything.
 */
public final class Operation implements AutoCloseable {
    private final Configuration configuration;
    private final Clock clock;
    private final Instant started;
    private final Records records = new Records();
    private final Controls controls = new Controls();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final OperationMeters own;

    private volatile Stand stand = new Stand(Phase.CONNECTING, Phase.CONNECTING.meaning());
    private volatile Supplier<Map<TopicPartition, PartitionStatus>> partitions = Map::of;
    private volatile Recovery recovery = new Recovery(0, 0);
    private volatile @Nullable Device device;
    private volatile @Nullable StepMetrics last;
    private volatile @Nullable Landmark published;
    private volatile @Nullable Landmark kept;

    /** A phase and why it is this one. */
    private record Stand(Phase phase, String reason) {}

    /** How far the steps of the journal have been taken again. */
    public record Recovery(long steps, long of) {}

    public Operation(Configuration configuration) {
        this(configuration, Clock.systemUTC());
    }

    Operation(Configuration configuration, Clock clock) {
        this.configuration = configuration;
        this.clock = clock;
        this.started = clock.instant();
        this.own = new OperationMeters(this, meters);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
    }

    public Configuration configuration() {
        return configuration;
    }

    public PrometheusMeterRegistry meters() {
        return meters;
    }

    public Records records() {
        return records;
    }

    public Controls controls() {
        return controls;
    }

    public void phase(Phase phase) {
        phase(phase, phase.meaning());
    }

    public void phase(Phase phase, String reason) {
        stand = new Stand(phase, reason);
    }

    /** From now on this tells how far each assigned partition is read. */
    public void reads(Supplier<Map<TopicPartition, PartitionStatus>> partitions) {
        this.partitions = partitions;
    }

    public void trainsOn(Device device) {
        this.device = device;
    }

    public void recovered(long steps, long of) {
        recovery = new Recovery(steps, of);
    }

    public void stepped(StepMetrics figures) {
        last = figures;
        records.tell(figures);
    }

    public void happened(MetricEvent event) {
        own.happened(event);
        records.tell(event);
    }

    /** This version was visible before anything was done. */
    public void found(Landmark version) {
        published = version;
    }

    /** A version is visible. */
    public void published(Landmark version) {
        published = version;
        own.published(since(version.time()));
        controls.visible(version.step());
    }

    /** A checkpoint is on disk, which took so long. */
    public void kept(Landmark checkpoint, Duration writing) {
        kept = checkpoint;
        own.kept(writing);
        controls.kept(checkpoint.step());
    }

    /** The checkpoint of this step could not be written. */
    public void notKept(long step, String reason) {
        own.notKept();
        controls.notKept(step, reason);
    }

    public Instant started() {
        return started;
    }

    public Phase phase() {
        return stand.phase();
    }

    public Map<TopicPartition, PartitionStatus> partitions() {
        return partitions.get();
    }

    /** How many records wait to be read, as far as it is known. */
    public long lag() {
        return partitions().values().stream()
                .mapToLong(status -> status.lag().orElse(0))
                .sum();
    }

    public Recovery recovery() {
        return recovery;
    }

    public Optional<Device> device() {
        return Optional.ofNullable(device);
    }

    /** The figures of the newest step. */
    public Optional<StepMetrics> last() {
        return Optional.ofNullable(last);
    }

    /** The newest version. */
    public Optional<Landmark> published() {
        return Optional.ofNullable(published);
    }

    /** The newest checkpoint. */
    public Optional<Landmark> kept() {
        return Optional.ofNullable(kept);
    }

    /** How long ago a moment was: no time at all where the clock was set back since. */
    public Duration since(Instant moment) {
        Duration since = Duration.between(moment, clock.instant());
        return since.isNegative() ? Duration.ZERO : since;
    }

    public Readiness readiness() {
        Stand now = stand;
        if (now.phase() != Phase.TRAINING) {
            return new Readiness(false, now.phase().label() + ": " + now.reason());
        }
        if (controls.paused()) {
            return new Readiness(false, "paused: somebody asked for it; resume goes on");
        }
        Map<TopicPartition, PartitionStatus> assigned = partitions();
        if (assigned.isEmpty()) {
            return new Readiness(false, "joining: no partition is assigned to this instance yet");
        }
        boolean caughtUp = assigned.values().stream().allMatch(PartitionStatus::atEnd);
        return new Readiness(true, caughtUp ? "caught up with the input" : now.reason());
    }

    @Override
    public void close() {
        controls.end();
        meters.close();
    }
}
