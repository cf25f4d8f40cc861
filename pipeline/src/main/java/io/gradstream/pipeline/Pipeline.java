package io.gradstream.pipeline;

import io.gradstream.config.Configuration;
import io.gradstream.config.SourceSettings;
import io.gradstream.config.StopSettings;
import io.gradstream.connectors.kafka.Commits;
import io.gradstream.connectors.kafka.KafkaMeters;
import io.gradstream.connectors.kafka.KafkaSource;
import io.gradstream.connectors.kafka.Leadership;
import io.gradstream.connectors.kafka.LogReader;
import io.gradstream.connectors.kafka.SourceSpec;
import io.gradstream.connectors.kafka.StartPosition;
import io.gradstream.connectors.kafka.TopicException;
import io.gradstream.connectors.kafka.TopicReplacedException;
import io.gradstream.connectors.kafka.TopicWatch;
import io.gradstream.connectors.kafka.Topics;
import io.gradstream.connectors.kafka.TransactionalPublisher;
import io.gradstream.connectors.kafka.UndecidedException;
import io.gradstream.connectors.topic.JournalCursor;
import io.gradstream.connectors.topic.LetterWriter;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.PublishedModel;
import io.gradstream.connectors.topic.TopicIds;
import io.gradstream.connectors.topic.TopicReader;
import io.gradstream.connectors.topic.WeightVersions;
import io.gradstream.connectors.topic.WeightsReader;
import io.gradstream.pipeline.batching.Batching;
import io.gradstream.pipeline.batching.StepAssembler;
import io.gradstream.pipeline.batching.StopConditions;
import io.gradstream.pipeline.checkpoint.CheckpointWriter;
import io.gradstream.pipeline.checkpoint.Checkpoints;
import io.gradstream.pipeline.checkpoint.PublishedStates;
import io.gradstream.pipeline.operation.Landmark;
import io.gradstream.pipeline.operation.Operation;
import io.gradstream.pipeline.operation.Phase;
import io.gradstream.pipeline.publish.Checkpointing;
import io.gradstream.pipeline.publish.Publication;
import io.gradstream.pipeline.publish.PublishedTopics;
import io.gradstream.pipeline.publish.Publishing;
import io.gradstream.pipeline.publish.StateVersions;
import io.gradstream.pipeline.publish.Transactions;
import io.gradstream.pipeline.publish.UnansweredException;
import io.gradstream.pipeline.recovery.Recovery;
import io.gradstream.pipeline.recovery.RecoveryException;
import io.gradstream.pipeline.trainer.Devices;
import io.gradstream.pipeline.trainer.Start;
import io.gradstream.pipeline.trainer.Trainer;
import io.gradstream.pipeline.trainer.Training;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** A trainer, from the source topics to the weights topic. Made for one run. */
public final class Pipeline implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(Pipeline.class);
    private static final String FATAL = "gradstream";
    private static final int LARGEST_REQUEST = 16 << 20;
    private static final long PRODUCER_MEMORY = 64L << 20;
    /** How often somebody looks whether source topics were made anew. */
    private static final Duration LOOK = Duration.ofSeconds(5);
    /** A leader that is gone is missed after its session; whoever leads then is alive. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Resources resources = new Resources();
    private final Sinks.Empty<Void> stop = Sinks.empty();
    private final Sinks.Empty<Void> published = Sinks.empty();
    private final Sinks.Empty<Void> broken = Sinks.empty();

    private final Operation operation;
    private final Configuration configuration;
    private final OperationListener listener;
    private final Leadership leadership;
    private final TransactionalPublisher publisher;
    private final TopicWatch watch;
    private final Beginning beginning;
    private final Checkpoints checkpoints;
    private final JournalCursor journal;
    private final LogReader log;
    private final KafkaSource source;
    private final Learner learner;
    private final Trainer trainer;
    private final Batching batching;
    private final Training training;
    private final Publishing publishing;
    private final Checkpointing checkpointing;
    private volatile boolean stopped;
    private volatile boolean replaced;

    /** Connects everything, makes sure that the topics are there, and finds out where to begin. */
    public Pipeline(Configuration configuration, PipelineListener listener) {
        this(new Operation(configuration), listener);
    }

    /** The same, seen and spoken to through an operation. */
    public Pipeline(Operation operation, PipelineListener listener) {
        this(operation, listener, () -> false);
    }

    /**
     * The same.
     *
     * @param abandoned asked while another instance trains: whether there is no need to wait for it any more
     * @throws StoppedException if there is none
     */
    Pipeline(Operation operation, PipelineListener listener, BooleanSupplier abandoned) {
        this.operation = operation;
        this.configuration = operation.configuration();
        this.listener = new OperationListener(operation, listener);
        operation.phase(Phase.CONNECTING);
        resources.own(new OwnMeters(operation.meters()));
        try {
            Devices.check(configuration.training().device());
            KafkaClients kafka = resources.own(KafkaClients.of(configuration));
            logger.info("connects: name={} bootstrap={}", configuration.name(), kafka.bootstrap());
            ensureTopics(kafka);
            InstanceLock instance = resources.own(InstanceLock.of(configuration));
            operation.phase(Phase.STANDBY);
            leadership = lead(kafka, instance, abandoned);
            operation.phase(Phase.CONNECTING);
            publisher = publisher(kafka);
            Optional<PublishedModel> newest =
                    newest(kafka, configuration.publish().weights().topic());
            Optional<PublishedModel> newestState =
                    configuration.checkpoint().topic().flatMap(topic -> newest(kafka, topic));
            checkpoints = new Checkpoints(
                    configuration.checkpoint().directory(),
                    configuration.checkpoint().keep());
            journal = resources.own(new JournalCursor(
                    new TopicReader(
                            kafka.bootstrap(), configuration.publish().journal().topic(), kafka.properties()),
                    configuration.name()));
            log = resources.own(new LogReader(kafka.properties()));
            TopicIds present = kafka.ids(configuration.source().topics());
            watch = resources.own(new TopicWatch(kafka.properties(), present.byName()));
            beginning = new StartFinder(configuration, checkpoints, journal, log, present)
                    .find(newest, newestState.flatMap(PublishedStates::state));
            learner = new Learner(
                    configuration,
                    beginning,
                    journal,
                    log,
                    resources.own(new LogReader(kafka.properties())),
                    checkpoints,
                    resources,
                    this.listener,
                    this::lag);
            trainer = learner.trainer();
            Mishaps mishaps = new Mishaps(trainer, watch, this.listener);
            source = resources.own(new KafkaSource(sourceSpec(kafka, instance, mishaps)));
            batching = batching();
            training = new Training(trainer, operation.controls(), operation.meters(), resources.thread("train"));
            publishing = publishing(newest, newestState, letters(kafka));
            checkpointing =
                    new Checkpointing(new CheckpointWriter(checkpoints, resources.thread("checkpoint"), mishaps));
            operation.reads(source::partitions);
            operation.trainsOn(learner.device());
            new KafkaMeters(source, publisher).bindTo(operation.meters());
            newest.map(PublishedModel::manifest).map(Pipeline::landmark).ifPresent(operation::found);
            beginning.replaced().forEach(this::beginsAnew);
            resources.own(this::keepWhatIsPublished);
        } catch (StoppedException asked) {
            resources.closeAfter(asked);
            throw asked;
        } catch (Throwable failure) {
            operation.phase(Phase.FAILED);
            resources.closeAfter(failure);
            throw failure;
        }
    }

    /** Trains until a stop condition or {@link #stop} ends it. What was learned is published and kept when this returns. */
    public void run() {
        try {
            operation.phase(Phase.RECOVERING);
            if (recover()) {
                operation.phase(Phase.TRAINING);
                train();
            }
            operation.phase(Phase.ENDED);
        } catch (UndecidedException | TopicReplacedException unsettled) {
            replaced = unsettled instanceof TopicReplacedException;
            operation.phase(Phase.CONNECTING, String.valueOf(unsettled.getMessage()));
            throw unsettled;
        } catch (UnansweredException nobody) {
            publisher.abandon();
            throw nobody;
        } catch (RuntimeException failure) {
            operation.phase(Phase.FAILED, String.valueOf(failure.getMessage()));
            throw failure;
        } finally {
            operation.controls().end();
        }
    }

    private void train() {
        logger.info(
                "training begins: name={} step={} rows={}", configuration.name(), beginning.step(), beginning.rows());
        Mono<Void> flow = Flux.from(source)
                .takeUntilOther(published.asMono())
                .transform(learner.decoding())
                .transform(batching)
                .transform(training)
                .transform(publishing)
                .transform(checkpointing)
                .doOnNext(this::report)
                .doOnTerminate(published::tryEmitEmpty)
                .then();
        // What is fatal, as running out of memory, passes by all operators: without this nobody would hear of it.
        Schedulers.onHandleError(
                FATAL,
                (thread, error) -> broken.tryEmitError(new IllegalStateException(
                        "a stage failed: thread=" + thread.getName() + " error=" + error, error)));
        try {
            Mono.firstWithSignal(flow, broken.asMono(), leadership.lost(), replaced())
                    .block();
        } finally {
            Schedulers.resetOnHandleError(FATAL);
        }
    }

    /** Fails when a source topic was made anew, also while nothing comes of it. */
    private Mono<Void> replaced() {
        return Flux.interval(LOOK)
                .onBackpressureDrop()
                .concatMap(_ -> watch.verified().onErrorComplete(TopicException.class), 1)
                .then();
    }

    /** What is known of positions is of another topic, so the new one is read from its beginning. */
    private void beginsAnew(String topic) {
        Manifest newest = beginning.published().orElseThrow();
        logger.warn(
                "a source topic was made anew, and all of it is read: topic={} id={} version={}; rows of the topic before that no version"
                        + " had learned from are gone with it",
                topic,
                beginning.topics().byName().get(topic),
                newest.version());
        announce(
                "topic-made-anew",
                Map.of(
                        "topic",
                        topic,
                        "id",
                        String.valueOf(beginning.topics().byName().get(topic))));
    }

    /** The rows behind the newest checkpoint are gone with their topic, but where no others came meanwhile, nobody needs them. */
    private void keepWhatIsPublished() {
        boolean published = operation
                .published()
                .filter(newest -> newest.version() == trainer.version())
                .isPresent();
        if (replaced && published && trainer.isPublished()) {
            checkpoints.write(trainer.state());
        }
    }

    /** Has an event published with the next version. */
    void announce(String event, Map<String, Object> fields) {
        trainer.announce(event, fields);
    }

    /** Ends training cleanly: what is left of an unfinished step follows {@code training.flush}, then comes the last version. */
    public void stop() {
        stopped = true;
        operation.phase(Phase.STOPPING);
        operation.controls().release();
        stop.tryEmitEmpty();
    }

    @Override
    public void close() {
        published.tryEmitEmpty();
        resources.close();
    }

    /** Brings the trainer to the newest version on the topic; false if it was stopped on the way. */
    private boolean recover() {
        if (!(beginning.start() instanceof Start.Checkpointed checkpoint)) {
            checkpoints.write(trainer.state());
            if (beginning.start() instanceof Start.Published) {
                trainer.recovered(0, Duration.ZERO, false);
            }
            return true;
        }
        long begin = System.nanoTime();
        long from = trainer.steps();
        Manifest newest = beginning.published().orElseThrow();
        log.seek(beginning.route().from());
        journal.behind(trainer.steps(), beginning.journalStart());
        Recovery recovery = learner.recovery(beginning, journal, checkpoints, checkpoints::write, listener);
        try {
            if (!recovery.run(newest.step(), () -> stopped)) {
                return false;
            }
            recovery.require(newest);
        } catch (RuntimeException e) {
            throw RecoveryException.explain(e, checkpoint.state().configuration(), configuration);
        }
        trainer.stand(newest);
        trainer.recovered(newest.step() - from, Duration.ofNanos(System.nanoTime() - begin), true);
        return true;
    }

    private void report(Publication publication) {
        operation.published(
                new Landmark(publication.version(), publication.step(), publication.rows(), publication.time()));
        logger.debug(
                "published: version={} step={} rows={}", publication.version(), publication.step(), publication.rows());
    }

    private static Landmark landmark(Manifest manifest) {
        return new Landmark(manifest.version(), manifest.step(), manifest.rows(), manifest.time());
    }

    private void ensureTopics(KafkaClients kafka) {
        try (Topics topics = new Topics(kafka.properties())) {
            topics.ensure(PublishedTopics.specs(configuration));
        }
    }

    /** Waits until no other instance of this name trains. */
    private Leadership lead(KafkaClients kafka, InstanceLock instance, BooleanSupplier abandoned) {
        Leadership election = resources.own(new Leadership(
                kafka.properties(),
                configuration.publish().transactionalId() + ".leader",
                configuration.publish().journal().topic(),
                instance.id()));
        boolean leads = election.await(
                switch (configuration.standby()) {
                    case WAIT -> null;
                    case EXIT -> election.sessionTimeout().plus(PATIENCE);
                },
                abandoned);
        if (!leads) {
            throw new StoppedException();
        }
        return election;
    }

    private static Optional<PublishedModel> newest(KafkaClients kafka, String topic) {
        return new WeightsReader(kafka.bootstrap(), topic, kafka.properties())
                .newest()
                .blockOptional();
    }

    private SourceSpec sourceSpec(KafkaClients kafka, InstanceLock instance, Mishaps mishaps) {
        SourceSettings settings = configuration.source();
        Map<TopicPartition, Position> positions = beginning.positions();
        return SourceSpec.of(kafka.properties(), settings.group(), settings.topics())
                .start(
                        beginning.published().isPresent()
                                ? new StartPosition.Earliest()
                                : switch (settings.start()) {
                                    case io.gradstream.config.StartPosition.Committed _ ->
                                        new StartPosition.Committed();
                                    case io.gradstream.config.StartPosition.Earliest _ -> new StartPosition.Earliest();
                                    case io.gradstream.config.StartPosition.Latest _ -> new StartPosition.Latest();
                                    case io.gradstream.config.StartPosition.At at -> new StartPosition.At(at.time());
                                })
                .position(partition -> positions.containsKey(partition)
                        ? OptionalLong.of(positions.get(partition).offset())
                        : OptionalLong.empty())
                .commits(new Commits.ByCaller())
                .listener(mishaps)
                .instance(instance.id())
                .build();
    }

    private Batching batching() {
        StopSettings until = configuration.stop();
        StopConditions conditions = new StopConditions(
                until.rows().orElse(Long.MAX_VALUE), until.steps().orElse(Long.MAX_VALUE));
        return new Batching(
                () -> new StepAssembler(
                        learner.ring(),
                        learner.rows(),
                        learner.spec().accumulate(),
                        conditions,
                        beginning.positions(),
                        beginning.rows(),
                        beginning.step()),
                configuration.training().flush().orElse(null),
                until.idle().orElse(null),
                arrived -> source.drained() && arrived == learner.decoding().begun(),
                stop.asMono(),
                resources.thread("batch"));
    }

    /** Ends every predecessor of this name first, so that what is read of the topics afterwards is final. */
    private TransactionalPublisher publisher(KafkaClients kafka) {
        int largest = PublishedTopics.largestRecord(configuration);
        Map<String, Object> properties = new HashMap<>(kafka.properties());
        properties.putIfAbsent("max.request.size", Math.max(LARGEST_REQUEST, largest));
        properties.putIfAbsent("buffer.memory", Math.max(PRODUCER_MEMORY, 2L * largest));
        TransactionalPublisher opened =
                resources.own(new TransactionalPublisher(configuration.publish().transactionalId(), properties));
        opened.ready().block();
        return opened;
    }

    private LetterWriter letters(KafkaClients kafka) {
        String topic = configuration.publish().deadLetter().topic();
        return new LetterWriter(topic, () -> {
            try (Topics topics = new Topics(kafka.properties())) {
                int taken = topics.largestBatch(topic).orElse(Integer.MAX_VALUE);
                return Math.min(taken, publisher.largestRecord());
            }
        });
    }

    private Publishing publishing(
            Optional<PublishedModel> newest, Optional<PublishedModel> newestState, LetterWriter letters) {
        WeightVersions versions = newest.map(
                        model -> new WeightVersions(configuration.name(), learner.slices(), model.manifest()))
                .orElseGet(() -> new WeightVersions(configuration.name(), learner.slices()));
        return new Publishing(
                configuration.name(),
                PublishedTopics.of(configuration),
                letters,
                Transactions.of(publisher, source)
                        .verifiedBy(watch)
                        .within(configuration.stop().patience(), stop.asMono()),
                versions,
                switch (configuration.publish().weights().mode()) {
                    case FULL -> WeightVersions.Mode.FULL;
                    case DELTA -> WeightVersions.Mode.DELTA;
                },
                configuration
                        .checkpoint()
                        .topic()
                        .map(topic -> new StateVersions(
                                configuration.name(),
                                topic,
                                learner.slices(),
                                newestState.map(PublishedModel::manifest))),
                resources.thread("publish"));
    }

    private long lag() {
        return source.partitions().values().stream()
                .mapToLong(status -> status.lag().orElse(0))
                .sum();
    }
}
