package io.gradstream.gpu.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.device.Memory;
import io.gradstream.autodiff.device.MemoryUse;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.OptimizerSpec;
import io.gradstream.autodiff.step.StepSpec;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.gpu.driver.CudaException;
import io.gradstream.gpu.emulator.Counter;
import io.gradstream.gpu.emulator.Emulator;
import io.gradstream.gpu.emulator.LeakCheck;
import io.gradstream.gpu.emulator.Setting;
import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A device says how its memory is used; where it does not suffice, what was asked, what is free and what to change, and nothing stays behind. */
@Needs(Tool.NATIVE_TOOLCHAIN)
class SpentMemoryTest {
    private static final long MEBIBYTE = 1L << 20;

    private final Emulator emulator = Emulator.load();
    private LeakCheck leaks;
    private CudaDevice device;

    @BeforeEach
    void begin() {
        leaks = LeakCheck.begin();
        device = TestCard.open();
    }

    @AfterEach
    void end() {
        emulator.set(Setting.MEMORY, 8L << 30);
        device.close();
        leaks.end();
    }

    @Test
    void tellsWhatItHasTakenAndWhatIsLeft() {
        MemoryUse before = device.memory().orElseThrow();
        try (Memory _ = device.allocate(MEBIBYTE)) {
            assertThat(device.memory()).contains(new MemoryUse(before.used() + MEBIBYTE, before.free() - MEBIBYTE));
        }
        assertThat(device.memory()).contains(before);
    }

    @Test
    void hasNothingToTellWhenItIsClosed() {
        CudaDevice other = TestCard.open();
        other.close();

        assertThat(other.memory()).isEmpty();
    }

    @Test
    void saysWhatWasAskedAndWhatToChange() {
        leave(64 * MEBIBYTE);

        assertTooLittle(() -> device.allocate(80 * MEBIBYTE), "asked=83886080 bytes free=67108864");
    }

    @Test
    void aModelThatIsTooLargeSaysSoAndLeavesNothing() {
        long used = device.memory().orElseThrow().used();
        leave(16 * MEBIBYTE);

        assertTooLittle(() -> new TrainingStep(spec(1_000_000), device), "asked=");
        assertThat(device.memory().orElseThrow().used()).isEqualTo(used);
    }

    @Test
    void aStepWhoseRowsDoNotFitSaysSoAndGoesOnWhereTheyDo() {
        StepSpec spec = spec(100);
        try (TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), spec.microBatch())) {
            DrawnRows.fill(batch, spec.model(), 1);
            long used = device.memory().orElseThrow().used();
            leave(1024);
            assertTooLittle(() -> step.accumulate(batch), "asked=");
            assertThat(device.memory().orElseThrow().used()).isEqualTo(used);
            leave(64 * MEBIBYTE);
            step.accumulate(batch);
            assertThat(step.step(0.1).loss()).isFinite();
        }
    }

    private void leave(long bytes) {
        emulator.set(Setting.MEMORY, emulator.count(Counter.LIVE_BYTES) + bytes);
    }

    private static void assertTooLittle(ThrowingCallable call, String facts) {
        assertThatThrownBy(call)
                .isInstanceOf(CudaException.class)
                .hasMessageStartingWith("the card has too little memory: card=cuda:0 Emulated card 0 asked=")
                .hasMessageContaining(facts)
                .hasMessageContaining("lower training.microBatch");
    }

    private static StepSpec spec(int buckets) {
        ModelSpec model = new ModelSpec(
                List.of(new InputColumn.Numeric("x"), new InputColumn.Categorical("site", buckets, 16)),
                new Architecture.Mlp(List.of(8), Activation.TANH),
                1);
        return StepSpec.of(model, Loss.BINARY_CROSS_ENTROPY, OptimizerSpec.Adam.usual())
                .microBatch(8)
                .accumulate(1)
                .seed(7)
                .build();
    }
}
