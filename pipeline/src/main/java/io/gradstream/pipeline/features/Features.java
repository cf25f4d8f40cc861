package io.gradstream.pipeline.features;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.config.BagFeature;
import io.gradstream.config.CategoricalFeature;
import io.gradstream.config.Configuration;
import io.gradstream.config.FeatureSettings;
import io.gradstream.config.NumericFeature;
import io.gradstream.config.SequenceFeature;
import io.gradstream.connectors.rows.Kind;
import io.gradstream.connectors.rows.Projection;
import io.gradstream.connectors.rows.RowBlock;
import io.gradstream.connectors.rows.Wanted;
import io.gradstream.connectors.topic.NamedTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The way from rows to micro-batches: one encoding per feature, one for a label, one for a weight.
 *
 * <p>A row that cannot be learned from is reported and leaves no trace, neither in the micro-batch nor in what the features learn.
 * Not safe to share among threads; allocates nothing for rows without fault.
 */
public final class Features {
    /** Hears of rows that cannot be learned from, in their order. */
    @FunctionalInterface
    public interface Rejections {
        /**
         * A row is left out.
         *
         * @param row counted within the block
         * @param reason one word
         * @param detail the whole sentence
         */
        void reject(int row, String reason, String detail);
    }

    private final List<FeatureEncoding> encodings;
    private final Optional<LabelEncoding> label;
    private final Optional<WeightEncoding> weight;
    private final Projection projection;
    private final StandardScalers scalers;
    private final RowFaults faults = new RowFaults();

    public Features(Configuration configuration) {
        List<NumericFeature> numerics = new ArrayList<>();
        for (FeatureSettings feature : configuration.features()) {
            if (feature instanceof NumericFeature numeric) {
                numerics.add(numeric);
            }
        }
        scalers = new StandardScalers(numerics);
        encodings = encodings(configuration.features(), numerics.size());
        label = configuration
                .label()
                .map(settings -> LabelEncoding.of(
                        configuration.loss(),
                        settings.column(),
                        configuration.model().outputs()));
        weight = configuration.weight().map(settings -> new WeightEncoding(settings.column()));
        projection = projection(configuration);
    }

    private List<FeatureEncoding> encodings(List<FeatureSettings> features, int width) {
        List<FeatureEncoding> made = new ArrayList<>();
        int numerics = 0;
        int categories = 0;
        int bags = 0;
        int sequences = 0;
        for (FeatureSettings feature : features) {
            made.add(
                    switch (feature) {
                        case NumericFeature numeric -> {
                            DenseColumn place = new DenseColumn(numerics++, width);
                            float missing = (float) numeric.missing();
                            yield switch (numeric.scale()) {
                                case NONE -> new PlainNumber(numeric.column(), missing, place);
                                case LOG1P -> new LogarithmicNumber(numeric.column(), numeric.missing(), place);
                                case STANDARDIZE ->
                                    new StandardizedNumber(
                                            numeric.column(), numeric.missing(), place, scalers.of(numeric.column()));
                            };
                        }
                        case CategoricalFeature category ->
                            new CategoryBucket(new Buckets(category.buckets()), categories++);
                        case BagFeature bag -> new CategoryBag(bag.column(), new Buckets(bag.buckets()), bags++);
                        case SequenceFeature sequence ->
                            new CategorySequence(
                                    sequence.column(), new Buckets(sequence.buckets()), sequence.length(), sequences++);
                    });
        }
        return List.copyOf(made);
    }

    private static Projection projection(Configuration configuration) {
        List<Wanted> wanted = new ArrayList<>();
        for (FeatureSettings feature : configuration.features()) {
            wanted.add(
                    switch (feature) {
                        case NumericFeature numeric -> Wanted.optional(numeric.column(), Kind.NUMBER);
                        case CategoricalFeature category -> Wanted.optional(category.column(), Kind.CATEGORY);
                        case BagFeature bag -> Wanted.optional(bag.column(), Kind.LIST);
                        case SequenceFeature sequence -> Wanted.optional(sequence.column(), Kind.LIST);
                    });
        }
        configuration.label().ifPresent(settings -> wanted.add(Wanted.required(settings.column(), Kind.NUMBER)));
        configuration.weight().ifPresent(settings -> wanted.add(Wanted.required(settings.column(), Kind.NUMBER)));
        return new Projection(wanted);
    }

    /** The columns that the blocks must have: features, a label, a weight. */
    public Projection projection() {
        return projection;
    }

    /**
     * Writes rows behind those that a micro-batch already has.
     *
     * @param from the first row, counted within the block
     * @param count how many; there is room for all of them
     */
    public void encode(RowBlock block, int from, int count, MicroBatch into, Rejections rejections) {
        check(block, from, count);
        if (faults.isEmpty()) {
            write(block, from, count, into);
            return;
        }
        int next = from;
        for (int row = from; row < from + count; row++) {
            if (faults.contain(row)) {
                write(block, next, row - next, into);
                next = row + 1;
                faults.report(row, rejections);
            }
        }
        write(block, next, from + count - next, into);
    }

    private void check(RowBlock block, int from, int count) {
        faults.clear();
        if (label.isPresent()) {
            label.get().check(block.column(encodings.size()), from, count, faults);
        }
        if (weight.isPresent()) {
            weight.get().check(block.column(weightColumn()), from, count, faults);
        }
        for (int i = 0; i < encodings.size(); i++) {
            encodings.get(i).check(block.column(i), from, count, faults);
        }
    }

    private void write(RowBlock block, int from, int count, MicroBatch into) {
        if (count == 0) {
            return;
        }
        int at = into.rows();
        for (int i = 0; i < encodings.size(); i++) {
            encodings.get(i).write(block.column(i), from, count, into, at);
        }
        if (label.isPresent()) {
            label.get().write(block.column(encodings.size()), from, count, into, at);
        }
        if (weight.isPresent()) {
            weight.get().write(block.column(weightColumn()), from, count, into, at);
        }
        into.rows(at + count);
    }

    private int weightColumn() {
        return encodings.size() + (label.isPresent() ? 1 : 0);
    }

    /** What the features have learned from all rows so far, as a value of its own. */
    public List<NamedTensor> snapshot() {
        return scalers.snapshot();
    }

    /**
     * Puts back what the features had learned.
     *
     * @throws IllegalArgumentException if the snapshot is of other features
     */
    public void restore(List<NamedTensor> snapshot) {
        scalers.restore(snapshot);
    }
}
