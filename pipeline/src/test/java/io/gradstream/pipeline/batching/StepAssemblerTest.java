package io.gradstream.pipeline.batching;

import static io.gradstream.pipeline.batching.Rows.encoder;
import static io.gradstream.pipeline.batching.Rows.numbers;
import static io.gradstream.pipeline.batching.Rows.partition;
import static io.gradstream.pipeline.batching.Rows.record;
import static io.gradstream.pipeline.batching.Rows.unusable;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.topic.JournalRecord.Range;
import io.gradstream.connectors.topic.Position;
import io.gradstream.pipeline.decoding.Decoded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StepAssemblerTest {
    private final MicroBatchRing ring = new MicroBatchRing(Rows.MODEL, 4, 100);

    @AfterEach
    void close() {
        ring.close();
    }

    @Test
    void takesPartsOfARecordAndSeveralRecordsIntoOneMicroBatch() {
        List<StepBatch> steps = steps(assembler(encoder(), 1), record(0, 10, 3), record(0, 11, 6), record(0, 12, 1));
        assertThat(steps).hasSize(3);
        assertThat(numbers(steps.get(0))).containsExactly(List.of(0, 1, 2, 0));
        assertThat(numbers(steps.get(1))).containsExactly(List.of(1, 2, 3, 4));
        assertThat(numbers(steps.get(2))).containsExactly(List.of(5, 0));
        assertThat(steps.get(0).ranges()).containsExactly(range(0, 10, 0, 11, 1));
        assertThat(steps.get(1).ranges()).containsExactly(range(0, 11, 1, 11, 5));
        assertThat(steps.get(2).ranges()).containsExactly(range(0, 11, 5, 13, 0));
        assertThat(steps.get(1).positions()).isEqualTo(Map.of(partition(0), new Position(11, 5)));
        assertThat(steps.get(2).positions()).isEqualTo(Map.of(partition(0), new Position(13, 0)));
    }

    @Test
    void readsThroughTheBlocksOfARecord() {
        List<StepBatch> steps = steps(assembler(encoder(), 1), record(0, 5, 2, 1, 4));
        assertThat(numbers(steps.get(0))).containsExactly(List.of(0, 1, 2, 3));
        assertThat(numbers(steps.get(1))).containsExactly(List.of(4, 5, 6));
        assertThat(steps.get(0).ranges()).containsExactly(range(0, 5, 0, 5, 4));
        assertThat(steps.get(1).ranges()).containsExactly(range(0, 5, 4, 6, 0));
    }

    @Test
    void makesAStepOfSeveralMicroBatches() {
        List<StepBatch> steps = steps(assembler(encoder(), 2), record(0, 0, 10));
        assertThat(numbers(steps.get(0))).containsExactly(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7));
        assertThat(numbers(steps.get(1))).containsExactly(List.of(8, 9));
    }

    @Test
    void keepsTheOrderOfPartitionsInTheRanges() {
        List<StepBatch> steps = steps(assembler(encoder(), 2), record(0, 0, 2), record(1, 7, 1), record(0, 1, 3));
        assertThat(steps.getFirst().ranges())
                .containsExactly(range(0, 0, 0, 1, 0), range(1, 7, 0, 8, 0), range(0, 1, 0, 2, 0));
    }

    @Test
    void setsUnusableRecordsAsideAndMovesOn() {
        List<StepBatch> steps = steps(assembler(encoder(), 1), record(0, 0, 1), unusable(0, 1, 9), record(0, 2, 1));
        StepBatch step = steps.getFirst();
        assertThat(step.rejected()).singleElement().satisfies(rejected -> {
            assertThat(rejected.reason()).isEqualTo("corrupt");
            assertThat(rejected.original().offset()).isEqualTo(1);
            assertThat(rejected.row()).isEmpty();
        });
        assertThat(step.ranges()).containsExactly(range(0, 0, 0, 1, 0), range(0, 2, 0, 3, 0));
    }

    @Test
    void makesAStepWithoutRowsOfUnusableRecordsAlone() {
        List<StepBatch> steps = steps(assembler(encoder(), 1), unusable(0, 3, 1), unusable(1, 4, 1));
        StepBatch step = steps.getFirst();
        assertThat(step.rows()).isZero();
        assertThat(step.microBatches()).isEmpty();
        assertThat(step.rejected()).hasSize(2);
        assertThat(step.positions())
                .isEqualTo(Map.of(partition(0), new Position(4, 0), partition(1), new Position(5, 0)));
    }

    @Test
    void isFullWhenTooManyUnusableBytesCameWithAStep() {
        StepAssembler assembler = assembler(encoder(), 1);
        int half = (int) (StepAssembler.MAX_REJECTED_BYTES / 2);
        assembler.accept(unusable(0, 0, half));
        assertThat(assembler.full()).isFalse();
        assembler.accept(unusable(0, 1, half));
        assertThat(assembler.full()).isTrue();
        assembler.cut();
        assertThat(assembler.full()).isFalse();
    }

    @Test
    void carriesALargeValueOncePerStepHoweverManyOfItsRowsAreBad() {
        int rows = 40_000;
        int[] all = IntStream.range(0, rows).toArray();
        try (MicroBatchRing wide = new MicroBatchRing(Rows.MODEL, rows, 1)) {
            StepAssembler assembler = new StepAssembler(wide, encoder(all), 1, StopConditions.NEVER, Map.of(), 0, 0);
            assembler.accept(Rows.large(0, 0, (int) StepAssembler.MAX_REJECTED_BYTES, rows));
            int letters = 0;
            int steps = 0;
            while (assembler.hasInput()) {
                while (assembler.hasInput() && !assembler.full()) {
                    assembler.fill();
                }
                StepBatch step = assembler.cut();
                assertThat(step.rejected())
                        .extracting(RejectedRecord::carriesValue)
                        .startsWith(true);
                assertThat(step.rejected().stream()
                                .mapToLong(RejectedRecord::bytes)
                                .sum())
                        .isLessThan(3 * StepAssembler.MAX_REJECTED_BYTES);
                letters += step.rejected().size();
                steps++;
            }
            assertThat(letters).isEqualTo(rows);
            assertThat(steps).isEqualTo(3);
        }
    }

    @Test
    void carriesASmallValueInEveryLetterAndEndsTheStepInstead() {
        int rows = 1_000;
        int[] all = IntStream.range(0, rows).toArray();
        try (MicroBatchRing wide = new MicroBatchRing(Rows.MODEL, rows, 1)) {
            StepAssembler assembler = new StepAssembler(wide, encoder(all), 1, StopConditions.NEVER, Map.of(), 0, 0);
            assembler.accept(Rows.large(0, 0, StepAssembler.MAX_REPEATED_BYTES, rows));
            while (!assembler.full()) {
                assembler.fill();
            }
            assertThat(assembler.cut().rejected()).hasSizeLessThanOrEqualTo(128).allMatch(RejectedRecord::carriesValue);
        }
    }

    @Test
    void doesNotCountAStepWhoseRowsWeighNothing() {
        StepAssembler assembler =
                new StepAssembler(ring, encoder(), 1, new StopConditions(Long.MAX_VALUE, 1), Map.of(), 0, 0);
        MicroBatch weightless = ring.take();
        for (int row = 0; row < weightless.capacity(); row++) {
            weightless.weight().setAtIndex(JAVA_FLOAT, row, 0);
        }
        ring.giveBack(weightless);
        assembler.accept(record(0, 0, 8));
        assembler.fill();
        assertThat(assembler.cut().rows()).isEqualTo(4);
        assertThat(assembler.stopReached()).isFalse();
        assembler.fill();
        assertThat(assembler.cut().rows()).isEqualTo(4);
        assertThat(assembler.stopReached()).isTrue();
    }

    @Test
    void leavesOutRefusedRowsAndFillsTheirPlaces() {
        List<StepBatch> steps = steps(assembler(encoder(1, 2), 1), record(0, 0, 7));
        assertThat(numbers(steps.get(0))).containsExactly(List.of(0, 3, 4, 5));
        assertThat(steps.get(0).ranges()).containsExactly(range(0, 0, 0, 0, 1), range(0, 0, 3, 0, 6));
        assertThat(steps.get(0).rejected())
                .extracting(RejectedRecord::row)
                .containsExactly(OptionalInt.of(1), OptionalInt.of(2));
        assertThat(numbers(steps.get(1))).containsExactly(List.of(6));
        assertThat(steps.get(1).ranges()).containsExactly(range(0, 0, 6, 1, 0));
    }

    @Test
    void givesBackAMicroBatchInWhichNoRowIsLeft() {
        List<StepBatch> steps = steps(assembler(encoder(0, 1), 1), record(0, 0, 2));
        assertThat(steps.getFirst().microBatches()).isEmpty();
        assertThat(steps.getFirst().rejected()).hasSize(2);
        assertThat(steps.getFirst().positions()).isEqualTo(Map.of(partition(0), new Position(1, 0)));
    }

    @Test
    void stopsInsideARecordAndTouchesNothingBehind() {
        List<Integer> seen = new ArrayList<>();
        StepAssembler assembler =
                new StepAssembler(ring, encoder(), 1, new StopConditions(6, Long.MAX_VALUE), Map.of(), 0, 0);
        assembler.accept(record(0, 0, 9));
        while (!assembler.stopReached()) {
            assembler.fill();
            if (assembler.full()) {
                StepBatch step = assembler.cut();
                numbers(step).forEach(seen::addAll);
                step.release();
            }
        }
        StepBatch last = assembler.cut();
        numbers(last).forEach(seen::addAll);
        assertThat(seen).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(last.positions()).isEqualTo(Map.of(partition(0), new Position(0, 6)));
    }

    @Test
    void countsRowsAndStepsOfEarlierRunsForTheStop() {
        assertThat(new StepAssembler(ring, encoder(), 1, new StopConditions(6, 100), Map.of(), 6, 0).stopReached())
                .isTrue();
        assertThat(new StepAssembler(ring, encoder(), 1, new StopConditions(6, 2), Map.of(), 0, 2).stopReached())
                .isTrue();
        assertThat(new StepAssembler(ring, encoder(), 1, new StopConditions(6, 2), Map.of(), 5, 1).stopReached())
                .isFalse();
    }

    @Test
    void goesOnInsideARecordThatIsPartlyUsed() {
        StepAssembler assembler = new StepAssembler(
                ring, encoder(), 1, StopConditions.NEVER, Map.of(partition(0), new Position(3, 2)), 0, 0);
        List<StepBatch> steps = steps(assembler, record(0, 3, 4), record(1, 0, 1));
        assertThat(numbers(steps.getFirst())).containsExactly(List.of(2, 3, 0));
        assertThat(steps.getFirst().ranges()).containsExactly(range(0, 3, 2, 4, 0), range(1, 0, 0, 1, 0));
    }

    @Test
    void learnsFromEveryRowOfATopicThatWasMadeAnew() {
        StepAssembler assembler = new StepAssembler(
                ring, encoder(), 2, StopConditions.NEVER, Map.of(partition(0), new Position(2, 1)), 0, 0);
        List<StepBatch> steps = steps(assembler, record(0, 0, 1), unusable(0, 1, 1), record(0, 2, 3));
        assertThat(numbers(steps.getFirst())).containsExactly(List.of(0, 0, 1, 2));
        assertThat(steps.getFirst().rejected()).hasSize(1);
        assertThat(steps.getFirst().positions()).isEqualTo(Map.of(partition(0), new Position(3, 0)));
    }

    @Test
    void cutsTheSameStepsWhereverTheInputWasInterrupted() {
        Decoded[] input = {record(0, 0, 3), unusable(0, 1, 5), record(1, 0, 11), record(0, 2, 2, 2), record(0, 3, 5)};
        List<StepBatch> whole = steps(assembler(encoder(1), 2), input);
        StepBatch first = whole.getFirst();
        StepAssembler again =
                new StepAssembler(ring, encoder(1), 2, StopConditions.NEVER, first.positions(), first.rows(), 1);
        List<StepBatch> resumed = steps(
                again,
                Arrays.stream(input)
                        .filter(each -> each.original().offset()
                                >= first.positions()
                                        .getOrDefault(each.partition(), new Position(0, 0))
                                        .offset())
                        .toArray(Decoded[]::new));
        assertThat(resumed.stream().map(Rows::numbers).toList())
                .isEqualTo(whole.stream().skip(1).map(Rows::numbers).toList());
        assertThat(resumed.stream().map(StepBatch::ranges).toList())
                .isEqualTo(whole.stream().skip(1).map(StepBatch::ranges).toList());
    }

    private StepAssembler assembler(RowEncoder encoder, int accumulate) {
        return new StepAssembler(ring, encoder, accumulate, StopConditions.NEVER, Map.of(), 0, 0);
    }

    private static List<StepBatch> steps(StepAssembler assembler, Decoded... records) {
        List<StepBatch> steps = new ArrayList<>();
        for (Decoded record : records) {
            assembler.accept(record);
            while (assembler.hasInput()) {
                assembler.fill();
                if (assembler.full()) {
                    steps.add(assembler.cut());
                }
            }
        }
        if (!assembler.empty()) {
            steps.add(assembler.cut());
        }
        return steps;
    }

    private static Range range(int partition, long fromOffset, int fromRow, long toOffset, int toRow) {
        TopicPartition of = partition(partition);
        return new Range(of.topic(), of.partition(), new Position(fromOffset, fromRow), new Position(toOffset, toRow));
    }
}
