package io.gradstream.gpu.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.plan.SmallNetwork;
import io.gradstream.gpu.driver.Card;
import io.gradstream.gpu.driver.CudaException;
import io.gradstream.gpu.driver.DeviceMemory;
import io.gradstream.gpu.driver.Graph;
import io.gradstream.gpu.driver.Stream;
import io.gradstream.gpu.emulator.Counter;
import io.gradstream.gpu.emulator.Emulator;
import io.gradstream.gpu.emulator.LeakCheck;
import io.gradstream.gpu.emulator.Setting;
import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A plan with gradients and an update is one launch of a graph, which neither waits nor allocates, and leaves nothing behind. */
@Needs(Tool.NATIVE_TOOLCHAIN)
class CapturedPlanTest {
    private Emulator emulator;
    private LeakCheck leaks;

    @BeforeEach
    void begin() {
        emulator = Emulator.load();
        leaks = LeakCheck.begin();
    }

    @AfterEach
    void end() {
        emulator.set(Setting.SEED, 0);
        emulator.forgetFailures();
        leaks.end();
    }

    @Test
    void aRunIsOneLaunchWithoutAWaitOrAnAllocation() {
        try (CudaDevice device = TestCard.open();
                Plan plan = SmallNetwork.compile(device)) {
            plan.run();
            long graphs = emulator.count(Counter.GRAPH_LAUNCHES);
            long waits = emulator.count(Counter.SYNCHRONIZATIONS);
            long allocations = emulator.count(Counter.ALLOCATIONS);
            long kernels = emulator.count(Counter.LAUNCHES);

            for (int i = 0; i < 3; i++) {
                plan.run();
            }

            assertThat(emulator.count(Counter.GRAPH_LAUNCHES)).isEqualTo(graphs + 3);
            assertThat(emulator.count(Counter.SYNCHRONIZATIONS)).isEqualTo(waits);
            assertThat(emulator.count(Counter.ALLOCATIONS)).isEqualTo(allocations);
            assertThat(emulator.count(Counter.LAUNCHES))
                    .as("kernels that ran before anybody read")
                    .isEqualTo(kernels);
            assertThat(plan.values(plan.outputs().getFirst())[0]).isFinite();
            assertThat(emulator.count(Counter.LAUNCHES)).isGreaterThan(kernels);
        }
    }

    @Test
    void aWaitInACaptureIsRefused() {
        try (Card _ = Card.open(0);
                Stream stream = Stream.create()) {
            assertThatThrownBy(() -> stream.capture(stream::await))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED");
        }
    }

    @Test
    void anAllocationInACaptureIsRefusedAndTheNextCaptureIsWhole() {
        try (Card card = Card.open(0);
                Stream stream = Stream.create();
                DeviceMemory memory = DeviceMemory.allocate(card, 64)) {
            assertThatThrownBy(() ->
                            stream.capture(() -> DeviceMemory.allocate(card, 64).close()))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED");
            try (Graph graph = stream.capture(() -> stream.clear(memory.address(), memory.bytes()))) {
                graph.launch(stream);
                stream.await();
            }
        }
    }

    /** Sums are folded in one order, whichever thread comes first. */
    @Test
    void theSameBitsComeOutInWhateverOrderThreadsRun() {
        List<List<double[]>> runs = new ArrayList<>();
        for (int seed = 0; seed < 4; seed++) {
            emulator.set(Setting.SEED, seed);
            try (CudaDevice device = TestCard.open();
                    Plan plan = SmallNetwork.compile(device)) {
                plan.run();
                plan.run();
                runs.add(plan.outputs().stream().map(plan::values).toList());
            }
        }

        assertThat(runs)
                .allSatisfy(run ->
                        assertThat(run).usingElementComparator(Arrays::compare).isEqualTo(runs.getFirst()));
    }
}
