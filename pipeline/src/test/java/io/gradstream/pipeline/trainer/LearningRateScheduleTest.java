package io.gradstream.pipeline.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.config.ScheduleSettings;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
    @Test
    void staysWhereItIsWhenConstant() {
        var schedule = new LearningRateSchedule(0.1, new ScheduleSettings.Constant(0));
        assertThat(schedule.after(0)).isEqualTo(0.1);
        assertThat(schedule.after(1_000_000)).isEqualTo(0.1);
    }

    @Test
    void risesInALineDuringWarmUpAndReachesTheBaseWithItsLastStep() {
        var schedule = new LearningRateSchedule(1, new ScheduleSettings.Constant(4));
        assertThat(schedule.after(0)).isEqualTo(0.25);
        assertThat(schedule.after(1)).isEqualTo(0.5);
        assertThat(schedule.after(3)).isEqualTo(1);
        assertThat(schedule.after(4)).isEqualTo(1);
    }

    @Test
    void fallsInALineToTheEnd() {
        var schedule = new LearningRateSchedule(2, new ScheduleSettings.Linear(10, 110, 0.5));
        assertThat(schedule.after(10)).isEqualTo(2);
        assertThat(schedule.after(60)).isEqualTo(1.5);
        assertThat(schedule.after(110)).isEqualTo(1);
        assertThat(schedule.after(5_000)).isEqualTo(1);
    }

    @Test
    void fallsInHalfACosineWaveToTheEnd() {
        var schedule = new LearningRateSchedule(1, new ScheduleSettings.Cosine(0, 100, 0));
        assertThat(schedule.after(0)).isEqualTo(1);
        assertThat(schedule.after(25)).isCloseTo((1 + Math.sqrt(0.5)) / 2, within(1e-12));
        assertThat(schedule.after(50)).isCloseTo(0.5, within(1e-12));
        assertThat(schedule.after(100)).isCloseTo(0, within(1e-12));
    }

    @Test
    void halvesWithFourTimesTheStepsWhenInverseSquareRoot() {
        var schedule = new LearningRateSchedule(1, new ScheduleSettings.InverseSquareRoot(100));
        assertThat(schedule.after(99)).isEqualTo(1);
        assertThat(schedule.after(399)).isEqualTo(0.5);
    }

    @Test
    void endsAtOnceWhenTheFallIsShorterThanTheWarmUp() {
        var schedule = new LearningRateSchedule(1, new ScheduleSettings.Linear(10, 5, 0.25));
        assertThat(schedule.after(9)).isEqualTo(1);
        assertThat(schedule.after(10)).isEqualTo(0.25);
    }
}
