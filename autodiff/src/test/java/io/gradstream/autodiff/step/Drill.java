package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Steps of any network on rows that follow from a number, and all that can be told of them. */
final class Drill {
    private Drill() {}

    /** Accumulates all micro-batches of a step. */
    static void accumulate(TrainingStep step, int number, float first, double learningRate) {
        StepSpec spec = step.spec();
        try (MicroBatch batch = new MicroBatch(spec.model(), spec.microBatch())) {
            for (int i = 0; i < spec.accumulate(); i++) {
                fill(batch, spec, number + i, first);
                step.accumulate(batch, learningRate);
            }
        }
    }

    /** Takes a step whose last micro-batch comes with its end. */
    static void take(TrainingStep step, int number, float first, double learningRate) {
        StepSpec spec = step.spec();
        try (MicroBatch batch = new MicroBatch(spec.model(), spec.microBatch())) {
            for (int i = 0; i < spec.accumulate() - 1; i++) {
                fill(batch, spec, number + i, first);
                step.accumulate(batch, learningRate);
            }
            fill(batch, spec, number + spec.accumulate() - 1, first);
            step.take(batch, learningRate);
        }
    }

    /** Other rows for every number, of which the second begins with a value of the caller's choice where that is not 1. */
    static void fill(MicroBatch batch, StepSpec spec, int number, float first) {
        AllocationCase.fill(batch, spec);
        for (long i = 0; i < batch.dense().byteSize() / Float.BYTES; i++) {
            batch.dense().setAtIndex(JAVA_FLOAT, i, (float) Math.sin(number + 1.7 + i * 12.9898));
        }
        for (int column = 0; column < spec.model().categoricals().size(); column++) {
            int buckets = spec.model().categoricals().get(column).buckets();
            for (int row = 0; row < batch.rows(); row++) {
                batch.ids(column).setAtIndex(JAVA_INT, row, (row * 7 + number * 31) % buckets);
            }
        }
        if (first != 1) {
            batch.dense().setAtIndex(JAVA_FLOAT, spec.model().numerics().size(), first);
        }
    }

    /** Everything a report says. */
    static List<Double> figures(StepReport report) {
        List<Double> figures = new ArrayList<>(List.of(
                (double) report.step(),
                report.loss(),
                report.gradientNorm(),
                report.clippedNorm(),
                report.clipFraction(),
                report.spike(),
                report.noiseScale(),
                report.lossScale()));
        report.layers()
                .forEach(layer -> figures.addAll(
                        List.of(layer.gradientNorm(), layer.weightNorm(), layer.updateRatio(), layer.deadUnits())));
        return figures;
    }

    /** Everything that the next step depends on. */
    static Map<String, List<Byte>> blocks(TrainingStep step) {
        return step.snapshot().blocks().stream().collect(Collectors.toMap(Snapshot.Block::name, block -> {
            byte[] bytes = block.bytes().toArray(JAVA_BYTE);
            return IntStream.range(0, bytes.length).mapToObj(i -> bytes[i]).toList();
        }));
    }
}
