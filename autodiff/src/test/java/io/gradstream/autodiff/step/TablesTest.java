package io.gradstream.autodiff.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.nn.Custom;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Linear;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelInputs;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.nn.Network;
import io.gradstream.autodiff.op.Embedding;
import io.gradstream.autodiff.op.TableUpdate;
import io.gradstream.autodiff.step.Visits.Visit;
import io.gradstream.autodiff.tape.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables of which only some rows have gradients. */
class TablesTest {
    private static final OptimizerSpec SGD = OptimizerSpec.Sgd.plain();
    private static final OptimizerSpec ADAMW = OptimizerSpec.Adam.decoupled(0.1);
    private static final OptimizerSpec MOMENTUM = new OptimizerSpec.Sgd(0.9, 0, false, 0);

    static Stream<Supplier<Device>> devices() {
        return Devices.all().values().stream();
    }

    @ParameterizedTest
    @MethodSource("devices")
    void leavesUntouchedRowsAloneToTheBit(Supplier<Device> device) {
        try (Device opened = device.get();
                TrainingStep step = new TrainingStep(spec(ADAMW, Embeddings.LAZY, 50, 8, 1), opened)) {
            float[] sites = Batches.parameter(step, Visits.SITES);
            float[] tags = Batches.parameter(step, Visits.TAGS);
            for (int i = 0; i < 5; i++) {
                Visits.train(step, Visits.of(6, 7, 9, 33), 0.01);
            }
            assertThat(changed(sites, Batches.parameter(step, Visits.SITES), 16))
                    .containsExactly(7, 9, 33);
            assertThat(changed(tags, Batches.parameter(step, Visits.TAGS), 3)).doesNotContain(7, 8, 9);
        }
    }

    @ParameterizedTest
    @MethodSource("devices")
    void isLazyAsIfExactWhereEveryRowIsTouched(Supplier<Device> device) {
        float[] lazy = train(device, spec(ADAMW, Embeddings.LAZY, 3, 24, 1), 20, 0, 1, 2);
        float[] exact = train(device, spec(ADAMW, Embeddings.EXACT, 3, 24, 1), 20, 0, 1, 2);
        assertThat(Arrays.copyOf(lazy, 3 * 16)).containsExactly(Arrays.copyOf(exact, 3 * 16));
    }

    @Test
    void movesUntouchedRowsExactlyAsMomentumMovesThem() {
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec(MOMENTUM, Embeddings.EXACT, 50, 4, 1), device)) {
            float[] before = row(step, 7);
            Visits.train(step, List.of(Visit.of(1, 7, 1)), 0.1);
            float[] first = row(step, 7);
            Visits.train(step, List.of(Visit.of(1, 8, 1)), 0.1);
            Visits.train(step, List.of(Visit.of(1, 9, 1)), 0.1);
            float[] third = row(step, 7);
            for (int i = 0; i < 16; i++) {
                float moved = first[i] - before[i];
                assertThat(third[i] - first[i]).isCloseTo((0.9f + 0.81f) * moved, Offset.offset(1e-7f));
            }
        }
    }

    /** A model may look rows up as often as it likes. */
    @ParameterizedTest
    @MethodSource("devices")
    void addsUpWhatSeveralLookupsTeach(Supplier<Device> device) {
        float[] twice = trainLookingUp(device, (inputs, parameters) -> {
            Tensor first = inputs.embedded(site(inputs), parameters);
            Tensor second = inputs.embedded(site(inputs), parameters);
            return new Linear(1).forward(first.add(second.multiply(2)), parameters.in("out"));
        });
        float[] once = trainLookingUp(device, (inputs, parameters) -> {
            Tensor rows = inputs.embedded(site(inputs), parameters);
            return new Linear(1).forward(rows.add(rows.multiply(2)), parameters.in("out"));
        });
        assertThat(twice).usingComparatorWithPrecision(1e-5f).containsExactly(once);
    }

    private static float[] trainLookingUp(Supplier<Device> device, Network network) {
        StepSpec spec = spec(SGD, Embeddings.LAZY, 50, 8, 1);
        ModelSpec model = new ModelSpec(spec.model().inputs(), new Custom("lookups", network), 1);
        StepSpec custom = Batches.spec(model, spec.loss(), SGD, 8, 1);
        return train(device, custom, 5, 7, 9, 33);
    }

    private static InputColumn.Categorical site(ModelInputs inputs) {
        return (InputColumn.Categorical) inputs.columns().get(1);
    }

    @ParameterizedTest
    @EnumSource(Embeddings.class)
    void devicesAgree(Embeddings embeddings) {
        StepSpec spec = spec(ADAMW, embeddings, 300, 16, 2);
        int[] sites = {5, 250, 17, 5, 299, 0, 64, 128, 192};
        float[] exact = train(ReferenceDevice::new, spec, 12, sites);
        for (Supplier<Device> device : Devices.all().values()) {
            float[] actual = train(device, spec, 12, sites);
            for (int i = 0; i < exact.length; i++) {
                assertThat(actual[i]).isCloseTo(exact[i], Offset.offset(2e-5f));
            }
        }
    }

    @Test
    void addsUpWhatComesTwice() {
        StepSpec spec = spec(SGD, Embeddings.EXACT, 50, 4, 1);
        try (Device device = Devices.one();
                TrainingStep once = new TrainingStep(spec, device);
                TrainingStep twice = new TrainingStep(spec, device)) {
            float[] before = row(once, 7);
            Visits.train(once, List.of(Visit.of(1, 7, 1, 2), Visit.of(1, 8, 0, 2)), 1);
            Visits.train(twice, List.of(Visit.of(1, 7, 1, 2), Visit.of(1, 7, 1, 2)), 1);
            float[] single = row(once, 7);
            float[] both = row(twice, 7);
            for (int i = 0; i < 16; i++) {
                assertThat(both[i] - before[i]).isCloseTo(2 * (single[i] - before[i]), Offset.offset(1e-8f));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Embeddings.class)
    void microBatchesTogetherAreOneBigBatch(Embeddings embeddings) {
        List<Visit> visits = Visits.of(24, 3, 40, 7, 3, 22);
        float[] big = train(spec(ADAMW, embeddings, 50, 24, 1), visits);
        float[] accumulated = train(spec(ADAMW, embeddings, 50, 6, 4), visits);
        float[] partial = train(spec(ADAMW, embeddings, 50, 7, 4), visits);
        for (int i = 0; i < big.length; i++) {
            assertThat(accumulated[i]).isCloseTo(big[i], Offset.offset(1e-5f));
            assertThat(partial[i]).isCloseTo(big[i], Offset.offset(1e-5f));
        }
    }

    @Test
    void accumulatesMoreMicroBatchesThanAStepUsuallyHas() {
        List<Visit> visits = Visits.of(24, IntStream.range(0, 24).toArray());
        float[] two = train(spec(SGD, Embeddings.EXACT, 50, 12, 2), visits);
        float[] eight = train(spec(SGD, Embeddings.EXACT, 50, 3, 1), visits);
        for (int i = 0; i < two.length; i++) {
            assertThat(eight[i]).isCloseTo(two[i], Offset.offset(1e-6f));
        }
    }

    @Test
    void keepsPendingGradientsWhenABagGrows() {
        StepSpec spec = spec(ADAMW, Embeddings.LAZY, 50, 2, 2);
        List<Visit> small = List.of(Visit.of(1, 7, 1, 3), Visit.of(0.5f, 8, 0, 4));
        List<Visit> large = List.of(Visit.of(1, 9, 1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), Visit.of(0.5f, 7, 0, 9));
        try (Device device = Devices.one();
                TrainingStep growing = new TrainingStep(spec, device);
                TrainingStep roomy = new TrainingStep(spec, device)) {
            Visits.train(growing, Stream.concat(small.stream(), large.stream()).toList(), 0.1);
            Visits.train(roomy, Stream.concat(large.stream(), small.stream()).toList(), 0.1);
            float[] expected = Batches.all(roomy);
            float[] actual = Batches.all(growing);
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).isCloseTo(expected[i], Offset.offset(1e-6f));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Embeddings.class)
    void goesOnBitForBitFromTheMiddleOfAnAccumulation(Embeddings embeddings) {
        StepSpec spec = spec(ADAMW, embeddings, 50, 6, 2);
        List<Visit> first = Visits.of(6, 3, 40, 7);
        List<Visit> second = Visits.of(6, 40, 22, 1);
        try (Device device = Devices.one();
                TrainingStep one = new TrainingStep(spec, device);
                TrainingStep other = new TrainingStep(spec, device)) {
            Visits.train(one, second, 0.1);
            Visits.accumulate(one, first, 6);
            Snapshot middle = one.snapshot();
            Visits.accumulate(other, Visits.of(6, 11, 12, 13), 6);
            other.restore(middle);
            double expected = Visits.train(one, second, 0.1).gradientNorm();
            assertThat(Visits.train(other, second, 0.1).gradientNorm()).isEqualTo(expected);
            assertThat(Batches.all(other)).containsExactly(Batches.all(one));
            assertThat(other.snapshot().blocks())
                    .extracting(Snapshot.Block::name)
                    .noneMatch(name -> name.startsWith("touched.") || name.startsWith("gradient.embedding."));
        }
    }

    @Test
    void restoresMoreRowsThanItHasRoomFor() {
        List<Visit> visits = Visits.of(24, IntStream.range(0, 24).toArray());
        try (Device device = Devices.one();
                TrainingStep large = new TrainingStep(spec(SGD, Embeddings.EXACT, 50, 24, 1), device);
                TrainingStep small = new TrainingStep(spec(SGD, Embeddings.EXACT, 50, 2, 1), device)) {
            Visits.accumulate(large, visits, 24);
            small.restore(large.snapshot());
            assertThat(blocks(small)).isEqualTo(blocks(large));
        }
    }

    @Test
    void refusesPendingGradientsOfAnotherTable() {
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec(SGD, Embeddings.EXACT, 50, 2, 1), device);
                TrainingStep narrow = new TrainingStep(
                        Batches.spec(Visits.model(50, 4), Loss.BINARY_CROSS_ENTROPY, SGD, 2, 1), device)) {
            Visits.accumulate(step, Visits.of(2, 7), 2);
            Snapshot snapshot = step.snapshot();
            org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                    .isThrownBy(() -> narrow.restore(snapshot))
                    .withMessageContaining("snapshot must be of the same model: block=parameter.embedding.tags.weight");
        }
    }

    @Test
    void leavesSlotsCleanWhenAStepOverflows() {
        StepSpec spec = Batches.with(
                spec(ADAMW, Embeddings.LAZY, 50, 6, 1), Precision.FP16, new LossScale(0x1p127, 2, 0.5, 2000));
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device)) {
            float[] before = Batches.all(step);
            assertThat(Visits.train(step, Visits.of(6, 3, 40, 7), 0.1).overflow())
                    .isTrue();
            assertThat(Batches.all(step)).containsExactly(before);
            assertThat(step.snapshot().find("touched." + Visits.SITES)).isEmpty();
            StepReport report = Visits.train(step, Visits.of(6, 11), 0.1);
            for (int i = 0; report.overflow(); i++) {
                assertThat(i).isLessThan(200);
                report = Visits.train(step, Visits.of(6, 11), 0.1);
            }
            assertThat(changed(sites(before), Batches.parameter(step, Visits.SITES), 16))
                    .containsExactly(11);
        }
    }

    @ParameterizedTest
    @EnumSource(Embeddings.class)
    void reportsTheNormsOfWholeTables(Embeddings embeddings) {
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec(ADAMW, embeddings, 50, 6, 1), device)) {
            for (int i = 0; i < 30; i++) {
                float[] before = Batches.parameter(step, Visits.SITES);
                StepReport report = Visits.train(step, Visits.of(6, i, i / 2, 40), 0.1);
                float[] after = Batches.parameter(step, Visits.SITES);
                double weight = 0;
                double update = 0;
                for (int j = 0; j < after.length; j++) {
                    weight += (double) after[j] * after[j];
                    update += ((double) after[j] - before[j]) * ((double) after[j] - before[j]);
                }
                LayerReport layer = report.layers().getFirst();
                assertThat(layer.name()).isEqualTo(Visits.SITES);
                assertThat(layer.weightNorm()).isCloseTo(Math.sqrt(weight), Percentage.withPercentage(1e-6));
                assertThat(layer.updateRatio()).isCloseTo(Math.sqrt(update / weight), Percentage.withPercentage(1e-3));
            }
        }
    }

    /** A table of a million rows may cost its own values and moments, and nothing besides. */
    @Test
    void keepsGradientMemoryForTouchedRowsOnly() {
        assertThat(bytes(1_000_000) - bytes(1_000)).isEqualTo(999_000L * 16 * Float.BYTES * 3);
    }

    /** Work follows operands: only the lookup and the lazy update see the table at all, and both go by row numbers. */
    @Test
    void worksOnTouchedRowsOnly() {
        try (MeasuredDevice device = new MeasuredDevice(Devices.one());
                TrainingStep step = new TrainingStep(spec(ADAMW, Embeddings.LAZY, 100_000, 8, 2), device)) {
            Visits.train(step, Visits.of(16, 1, 2, 99_999), 0.1);
            long table = 100_000 * 16L;
            List<Call> large = device.calls().stream()
                    .filter(call -> call.inputs().stream().anyMatch(input -> input.size() >= table))
                    .filter(call -> !(call.kernel() instanceof io.gradstream.autodiff.op.GradientHealth))
                    .toList();
            assertThat(large)
                    .isNotEmpty()
                    .allSatisfy(call -> assertThat(call.kernel() instanceof Embedding
                                    || call.kernel() instanceof TableUpdate update && !update.everyRow())
                            .isTrue());
        }
    }

    private static long bytes(int sites) {
        try (MeasuredDevice device = new MeasuredDevice(Devices.one());
                TrainingStep step = new TrainingStep(spec(ADAMW, Embeddings.LAZY, sites, 8, 2), device)) {
            Visits.train(step, Visits.of(16, 1, 2, 999), 0.1);
            return device.bytes();
        }
    }

    private static StepSpec spec(
            OptimizerSpec optimizer, Embeddings embeddings, int sites, int microBatch, int accumulate) {
        ModelSpec model = Visits.model(sites, 10);
        return Batches.spec(model, Loss.BINARY_CROSS_ENTROPY, optimizer, microBatch, accumulate)
                .but()
                .embeddings(embeddings)
                .build();
    }

    private static float[] train(StepSpec spec, List<Visit> visits) {
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device)) {
            Visits.train(step, visits, 0.1);
            return Batches.all(step);
        }
    }

    private static float[] train(Supplier<Device> device, StepSpec spec, int steps, int... sites) {
        try (Device opened = device.get();
                TrainingStep step = new TrainingStep(spec, opened)) {
            for (int i = 0; i < steps; i++) {
                int[] some = Arrays.copyOf(sites, sites.length - i % Math.max(1, sites.length - 3));
                Visits.train(step, Visits.of(spec.microBatch() * spec.accumulate(), some), 0.01);
            }
            return Batches.all(step);
        }
    }

    private static List<String> blocks(TrainingStep step) {
        return step.snapshot().blocks().stream()
                .filter(block -> !block.name().startsWith("control"))
                .map(block -> block.name()
                        + block.type()
                        + Arrays.hashCode(block.bytes().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)))
                .toList();
    }

    private static float[] row(TrainingStep step, int site) {
        return Arrays.copyOfRange(Batches.parameter(step, Visits.SITES), site * 16, site * 16 + 16);
    }

    private static float[] sites(float[] all) {
        return Arrays.copyOf(all, 50 * 16);
    }

    private static List<Integer> changed(float[] before, float[] after, int width) {
        return IntStream.range(0, before.length)
                .filter(i -> before[i] != after[i])
                .map(i -> i / width)
                .distinct()
                .boxed()
                .toList();
    }
}
