package io.gradstream.pipeline;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.step.StepSpec;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.config.Configuration;
import io.gradstream.config.SourceSettings;
import io.gradstream.connectors.arrow.ArrowFormat;
import io.gradstream.connectors.json.JsonFormat;
import io.gradstream.connectors.kafka.LogReader;
import io.gradstream.connectors.rows.Limits;
import io.gradstream.connectors.rows.RowFormat;
import io.gradstream.connectors.topic.JournalCursor;
import io.gradstream.connectors.topic.WeightSlices;
import io.gradstream.pipeline.batching.JournaledSteps;
import io.gradstream.pipeline.batching.MicroBatchRing;
import io.gradstream.pipeline.batching.RowOrigins;
import io.gradstream.pipeline.batching.SecondReading;
import io.gradstream.pipeline.checkpoint.Checkpoints;
import io.gradstream.pipeline.checkpoint.TrainerState;
import io.gradstream.pipeline.decoding.Decoding;
import io.gradstream.pipeline.features.Features;
import io.gradstream.pipeline.progress.Progress;
import io.gradstream.pipeline.recovery.Recovery;
import io.gradstream.pipeline.recovery.RecoveryListener;
import io.gradstream.pipeline.trainer.Devices;
import io.gradstream.pipeline.trainer.StepHistory;
import io.gradstream.pipeline.trainer.StepSpecs;
import io.gradstream.pipeline.trainer.Trainer;
import io.gradstream.pipeline.trainer.Training;
import io.gradstream.pipeline.trainer.TrainingListener;
import io.gradstream.pipeline.trainer.UndoneSteps;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What turns records into a model, put together as configured and standing where it begins: shared by the service and by whoever
 * recomputes what the service did.
 */
final class Learner {
    private static final Logger logger = LoggerFactory.getLogger(Learner.class);
    private static final int DECODERS = Math.clamp(Runtime.getRuntime().availableProcessors() - 1, 1, 4);

    private final Configuration configuration;
    private final Resources resources;
    private final StepSpec spec;
    private final FeatureRows rows;
    private final MicroBatchRing ring;
    private final Decoding decoding;
    private final DecodedLog log;
    private final Device device;
    private final Trainer trainer;

    Learner(
            Configuration configuration,
            Beginning beginning,
            JournalCursor journal,
            LogReader records,
            LogReader recordsAgain,
            Checkpoints checkpoints,
            Resources resources,
            TrainingListener listener,
            LongSupplier lag) {
        this.configuration = configuration;
        this.resources = resources;
        spec = StepSpecs.of(configuration);
        Features features = features(beginning);
        rows = new FeatureRows(features);
        ring = resources.own(
                new MicroBatchRing(spec.model(), spec.microBatch(), Training.STEPS_IN_FLIGHT * spec.accumulate()));
        decoding = decoding(features);
        log = new DecodedLog(records, decoding);
        device = resources.own(Devices.open(
                configuration.training().device(),
                configuration.training().threads(),
                configuration.training().precision()));
        trainer = trainer(beginning, checkpoints, undone(beginning, journal, recordsAgain), listener, lag);
    }

    StepSpec spec() {
        return spec;
    }

    FeatureRows rows() {
        return rows;
    }

    MicroBatchRing ring() {
        return ring;
    }

    Decoding decoding() {
        return decoding;
    }

    Device device() {
        return device;
    }

    Trainer trainer() {
        return trainer;
    }

    WeightSlices slices() {
        return new WeightSlices(
                Math.toIntExact(configuration.publish().weights().sliceSize().bytes()));
    }

    /** A way for the trainer to learn once more what the journal tells of. */
    Recovery recovery(
            Beginning beginning,
            JournalCursor journal,
            Checkpoints past,
            Consumer<TrainerState> checkpoints,
            RecoveryListener listener) {
        return new Recovery(
                trainer,
                journal,
                new JournaledSteps(ring, rows, log),
                slices(),
                resources.thread("recover"),
                beginning.route().wanted(),
                past,
                checkpoints,
                listener);
    }

    private Features features(Beginning beginning) {
        Features features = new Features(configuration);
        if (beginning.start().exact()) {
            features.restore(beginning.start().features());
        }
        return features;
    }

    private Decoding decoding(Features features) {
        SourceSettings settings = configuration.source();
        Limits limits = new Limits(settings.maxDecodedSize().bytes(), Limits.DEFAULT.rows());
        RowFormat format = switch (settings.format()) {
            case ARROW -> new ArrowFormat(limits);
            case JSON -> new JsonFormat(limits);
        };
        return new Decoding(
                format,
                features.projection(),
                settings.maxRecordSize().bytes(),
                DECODERS + 1,
                resources.threads("decode", DECODERS));
    }

    private UndoneSteps undone(Beginning beginning, JournalCursor journal, LogReader records) {
        Features known = new Features(configuration);
        MicroBatchRing one = resources.own(new MicroBatchRing(spec.model(), spec.microBatch(), spec.accumulate()));
        SecondReading reading =
                new SecondReading(one, new FeatureRows(known), known::restore, new DecodedLog(records, decoding));
        return new UndoneSteps(
                new StepHistory(
                        (after, to) -> journal.between(after, to, beginning.journalStart()),
                        configuration.checkpoint().keep()),
                reading::read);
    }

    private Trainer trainer(
            Beginning beginning,
            Checkpoints checkpoints,
            UndoneSteps undone,
            TrainingListener listener,
            LongSupplier lag) {
        TrainingStep step = resources.own(new TrainingStep(spec, device));
        spec.warnings().forEach(warning -> logger.warn("{}", warning));
        step.findings().forEach(finding -> logger.warn("{}", finding));
        Trainer made = new Trainer(
                configuration,
                step,
                new Progress(configuration.loss(), configuration.model().outputs()),
                new RowOrigins(log),
                checkpoints,
                undone,
                listener,
                lag,
                Clock.systemUTC(),
                System::nanoTime);
        made.begin(beginning.start(), rows.state(), beginning.journalStart(), beginning.topics());
        return made;
    }
}
