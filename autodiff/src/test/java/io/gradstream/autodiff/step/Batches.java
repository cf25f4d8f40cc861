package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.InputColumn.Numeric;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/** Specs and micro-batches that the tests of the training step share. */
final class Batches {
    private Batches() {}

    static ModelSpec linear(int inputs) {
        return new ModelSpec(numerics(inputs), new Architecture.Linear(), 1);
    }

    static ModelSpec mlp(int inputs, int outputs, Activation activation, Integer... hidden) {
        return new ModelSpec(numerics(inputs), new Architecture.Mlp(List.of(hidden), activation), outputs);
    }

    static List<InputColumn> numerics(int count) {
        return IntStream.range(0, count)
                .<InputColumn>mapToObj(i -> new Numeric("x" + i))
                .toList();
    }

    static StepSpec spec(ModelSpec model, Loss loss, OptimizerSpec optimizer, int microBatch, int accumulate) {
        return StepSpec.of(model, loss, optimizer)
                .microBatch(microBatch)
                .accumulate(accumulate)
                .seed(7)
                .build();
    }

    static StepSpec with(StepSpec spec, Precision precision, LossScale scale) {
        return spec.but().precision(precision).lossScale(scale).build();
    }

    static StepSpec with(StepSpec spec, Clip clip) {
        return spec.but().clip(clip).build();
    }

    /** Deterministic rows in (−1, 1). */
    static float[][] rows(int count, int width) {
        float[][] rows = new float[count][width];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < width; j++) {
                rows[i][j] = (float) Math.sin(1.7 + i * 12.9898 + j * 78.233);
            }
        }
        return rows;
    }

    static void fill(MicroBatch batch, float[][] rows, float[] labels, int from, int to) {
        batch.rows(to - from);
        for (int row = from; row < to; row++) {
            int width = rows[row].length;
            for (int column = 0; column < width; column++) {
                batch.dense().setAtIndex(JAVA_FLOAT, (long) (row - from) * width + column, rows[row][column]);
            }
            batch.label().setAtIndex(JAVA_FLOAT, row - from, labels[row]);
        }
    }

    static void classes(MicroBatch batch, int... classes) {
        for (int i = 0; i < classes.length; i++) {
            batch.label().setAtIndex(JAVA_INT, i, classes[i]);
        }
    }

    static void weights(MicroBatch batch, float... weights) {
        for (int i = 0; i < weights.length; i++) {
            batch.weight().setAtIndex(JAVA_FLOAT, i, weights[i]);
        }
    }

    static float[] parameter(TrainingStep step, String name) {
        return step.parameters().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow()
                .values();
    }

    static float[] all(TrainingStep step) {
        float[] all = new float[0];
        for (ParameterView parameter : step.parameters()) {
            float[] values = parameter.values();
            float[] longer = java.util.Arrays.copyOf(all, all.length + values.length);
            System.arraycopy(values, 0, longer, all.length, values.length);
            all = longer;
        }
        return all;
    }

    static void set(TrainingStep step, String name, float... values) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocateFrom(JAVA_FLOAT, values);
            step.setParameter(name, segment);
        }
    }

    static float[] floats(MemorySegment segment, int count) {
        return segment.asSlice(0, (long) count * Float.BYTES).toArray(JAVA_FLOAT);
    }
}
