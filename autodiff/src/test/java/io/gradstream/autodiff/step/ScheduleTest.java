package io.gradstream.autodiff.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void risesInALineAndStays() {
        Schedule schedule = new Schedule.Constant(4);
        assertThat(schedule.after(0)).isEqualTo(0.25);
        assertThat(schedule.after(1)).isEqualTo(0.5);
        assertThat(schedule.after(3)).isEqualTo(1);
        assertThat(schedule.after(1_000_000)).isEqualTo(1);
    }

    @Test
    void fallsInALineToTheEnd() {
        Schedule schedule = new Schedule.Linear(10, 110, 0.5);
        assertThat(schedule.after(4)).isEqualTo(0.5);
        assertThat(schedule.after(10)).isEqualTo(1);
        assertThat(schedule.after(60)).isEqualTo(0.75);
        assertThat(schedule.after(110)).isEqualTo(0.5);
        assertThat(schedule.after(5_000)).isEqualTo(0.5);
    }

    @Test
    void fallsInHalfACosineWaveToTheEnd() {
        Schedule schedule = new Schedule.Cosine(0, 100, 0);
        assertThat(schedule.after(0)).isEqualTo(1);
        assertThat(schedule.after(25)).isCloseTo((1 + Math.sqrt(0.5)) / 2, within(1e-12));
        assertThat(schedule.after(50)).isCloseTo(0.5, within(1e-12));
        assertThat(schedule.after(100)).isCloseTo(0, within(1e-12));
        assertThat(new Schedule.Cosine(0, 100, 0.2).after(50)).isCloseTo(0.6, within(1e-12));
    }

    @Test
    void halvesWithFourTimesTheSteps() {
        Schedule schedule = new Schedule.InverseSquareRoot(100);
        assertThat(schedule.after(49)).isEqualTo(0.5);
        assertThat(schedule.after(99)).isEqualTo(1);
        assertThat(schedule.after(399)).isEqualTo(0.5);
    }

    /** The values of torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps=10), PyTorch 2.10, by its closed form. */
    @Test
    void runsThroughOneCycleAsPyTorchDoes() {
        Schedule schedule = Schedule.OneCycle.usual(10);
        double[] expected = {
            0.04,
            0.52,
            1,
            0.9504846320134737,
            0.8117456539497631,
            0.6112620219362893,
            0.38874197806371065,
            0.18825834605023687,
            0.04951936798652631,
            4e-6
        };
        for (int step = 0; step < expected.length; step++) {
            assertThat(schedule.after(step)).as("step %d", step).isCloseTo(expected[step], within(1e-6));
        }
        assertThat(schedule.after(1_000)).isCloseTo(4e-6, within(1e-15));
    }

    @Test
    void refusesWhatIsNoSchedule() {
        assertThatThrownBy(() -> new Schedule.Linear(10, 10, 0))
                .hasMessage("warmup must be below steps: warmup=10 steps=10");
        assertThatThrownBy(() -> new Schedule.Cosine(0, 10, 1.5)).hasMessage("end must be in [0, 1]: end=1.5");
        assertThatThrownBy(() -> new Schedule.Constant(-1)).hasMessage("warmup must not be negative: warmup=-1");
        assertThatThrownBy(() -> new Schedule.OneCycle(3, 0.3, 0.04, 0))
                .hasMessage("both parts of a cycle must have steps: steps=3 rise=0.3");
    }
}
