package io.gradstream.gpu.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.device.Memory;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.op.Accumulate;
import io.gradstream.autodiff.op.Add;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.op.Matmul;
import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;
import io.gradstream.autodiff.op.Tanh;
import io.gradstream.gpu.emulator.LeakCheck;
import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Calls that may run side by side come to what they come to one after the other. The emulated card runs what does not depend on each other in
 * any order, another one at every launch.
 */
@Needs(Tool.NATIVE_TOOLCHAIN)
class LanesTest {
    private static final TensorType SQUARE = TensorType.of(DType.F32, 16, 16);
    private static final TensorType FLAT = TensorType.of(DType.F32, 256);
    private static final Segments HALVES = Segments.of(new Segment(0, 128), new Segment(128, 128));
    private static final TensorType HEALTH = GradientHealth.block(HALVES.count());
    private static final int SQUARES = 6;
    private static final int HEALTHS = 3;
    private static final long PLACE = 1024;

    private LeakCheck leaks;
    private CudaDevice device;
    private Memory memory;

    @BeforeEach
    void begin() {
        leaks = LeakCheck.begin();
        device = TestCard.open();
        memory = device.allocate((SQUARES + HEALTHS) * PLACE);
    }

    @AfterEach
    void end() {
        memory.close();
        device.close();
        leaks.end();
    }

    @Test
    void whateverRunsBesideWhatTheBitsAreThoseOfOneAfterTheOther() {
        for (int seed = 0; seed < 20; seed++) {
            List<Call> calls = calls(new Random(seed));
            try (Program program = device.compile(calls)) {
                write();
                program.run(new long[calls.size()]);
                List<double[]> oneAfterTheOther = values();
                for (int launch = 0; launch < 4; launch++) {
                    write();
                    program.run();
                    assertThat(values())
                            .as("seed %s", seed)
                            .usingElementComparator(Arrays::compare)
                            .isEqualTo(oneAfterTheOther);
                }
            }
        }
    }

    @Test
    void aDependencyThatIsLeftOutShows() {
        Call first = new Call(new Accumulate(), List.of(square(1), square(0)), square(1));
        Call second = new Call(new Accumulate(), List.of(square(2), square(1)), square(2));
        Effects blind = new Effects(List.of(), Effects.of(second).writes());
        List<Double> sums = new ArrayList<>();
        try (Program program =
                device.compile(List.of(first, second), new Dependencies(List.of(Effects.of(first), blind)))) {
            for (int launch = 0; launch < 20; launch++) {
                Transfer.fill(device, square(0), 1);
                Transfer.fill(device, square(1), 10);
                Transfer.fill(device, square(2), 100);
                program.run();
                sums.add(Transfer.read(device, square(2))[0]);
            }
        }

        assertThat(sums).contains(110.0, 111.0);
    }

    /** Scratch memory is one call's alone while it works, and serves the next one that comes after it. */
    @Test
    void callsOfAChainShareScratchMemoryAndThoseSideBySideDoNot() {
        List<Call> chain = List.of(health(0, 0), health(0, 0), health(0, 0));
        List<Call> sideBySide = List.of(health(0, 0), health(0, 1), health(0, 2));
        try (Program one = device.compile(List.of(health(0, 0)));
                Program after = device.compile(chain);
                Program beside = device.compile(sideBySide)) {
            long scratch = (beside.workspaceBytes() - after.workspaceBytes()) / 2;

            assertThat(scratch).isEqualTo((long) HALVES.count() * Double.BYTES);
            assertThat(after.workspaceBytes() - scratch).isEqualTo(3 * (one.workspaceBytes() - scratch));
        }
    }

    private List<Call> calls(Random random) {
        return IntStream.range(0, 40).mapToObj(_ -> call(random)).toList();
    }

    private Call call(Random random) {
        int[] places = random.ints(0, SQUARES).distinct().limit(3).toArray();
        Buffer a = square(places[0]);
        Buffer b = square(places[1]);
        Buffer c = square(places[2]);
        return switch (random.nextInt(5)) {
            case 0 -> new Call(new Add(), List.of(a, b), random.nextBoolean() ? c : a);
            case 1 -> new Call(new Tanh(), List.of(a), c);
            case 2 -> new Call(new Accumulate(), List.of(a, b), a);
            case 3 -> new Call(new Matmul(false, random.nextBoolean()), List.of(a, b), c);
            default -> health(places[0], random.nextInt(HEALTHS));
        };
    }

    private Call health(int of, int to) {
        return new Call(new GradientHealth(HALVES), List.of(square(of).as(FLAT)), health(to));
    }

    private Buffer square(int number) {
        return new Buffer(memory, number * PLACE, SQUARE);
    }

    private Buffer health(int number) {
        return new Buffer(memory, (SQUARES + number) * PLACE, HEALTH);
    }

    private void write() {
        for (int i = 0; i < SQUARES; i++) {
            int place = i;
            Transfer.write(
                    device,
                    square(i),
                    IntStream.range(0, 256)
                            .mapToDouble(at -> Math.sin(at + place) / 4)
                            .toArray());
        }
        for (int i = 0; i < HEALTHS; i++) {
            Transfer.fill(device, health(i), 0);
        }
    }

    private List<double[]> values() {
        List<double[]> values = new ArrayList<>();
        for (int i = 0; i < SQUARES; i++) {
            values.add(Transfer.read(device, square(i)));
        }
        for (int i = 0; i < HEALTHS; i++) {
            values.add(Transfer.read(device, health(i)));
        }
        return values;
    }
}
