package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.op.Combine;
import java.util.List;

/** Rows with a number, a site and a bag of tags, for tests of tables. */
final class Visits {
    static final String SITES = "embedding.site.weight";
    static final String TAGS = "embedding.tags.weight";

    /** One row. */
    record Visit(float age, int site, List<Integer> tags, float label) {
        static Visit of(float age, int site, float label, Integer... tags) {
            return new Visit(age, site, List.of(tags), label);
        }
    }

    private Visits() {}

    static ModelSpec model(int sites, int tags, Architecture architecture) {
        return new ModelSpec(
                List.of(
                        new InputColumn.Numeric("age"),
                        new InputColumn.Categorical("site", sites, 16),
                        new InputColumn.Bag("tags", tags, 3, Combine.MEAN)),
                architecture,
                1);
    }

    static ModelSpec model(int sites, int tags) {
        return model(sites, tags, new Architecture.Mlp(List.of(8), Activation.TANH));
    }

    /** Visits of some sites in turn, with tags from 0 to 6. */
    static List<Visit> of(int count, int... sites) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> new Visit(
                        (float) Math.sin(1.7 + 12.9898 * i),
                        sites[i * 7 % sites.length],
                        i % 3 == 0 ? List.of() : List.of(i % 7, (3 * i + 1) % 7, i % 7),
                        i % 2))
                .toList();
    }

    static void fill(MicroBatch batch, List<Visit> visits) {
        batch.rows(visits.size());
        int tags = 0;
        for (int row = 0; row < visits.size(); row++) {
            Visit visit = visits.get(row);
            batch.dense().setAtIndex(JAVA_FLOAT, row, visit.age());
            batch.ids(0).setAtIndex(JAVA_INT, row, visit.site());
            batch.label().setAtIndex(JAVA_FLOAT, row, visit.label());
            batch.bagOffsets(0).setAtIndex(JAVA_INT, row, tags);
            batch.ensureBagCapacity(0, tags + visit.tags().size());
            for (int tag : visit.tags()) {
                batch.bagIds(0).setAtIndex(JAVA_INT, tags, tag);
                tags++;
            }
        }
        batch.bagOffsets(0).setAtIndex(JAVA_INT, visits.size(), tags);
    }

    /** Accumulates visits in micro-batches of so many. */
    static void accumulate(TrainingStep step, List<Visit> visits, int together) {
        try (MicroBatch batch = new MicroBatch(step.spec().model(), step.spec().microBatch())) {
            for (int from = 0; from < visits.size(); from += together) {
                fill(batch, visits.subList(from, Math.min(visits.size(), from + together)));
                step.accumulate(batch);
            }
        }
    }

    static StepReport train(TrainingStep step, List<Visit> visits, double learningRate) {
        accumulate(step, visits, step.spec().microBatch());
        return step.step(learningRate);
    }
}
