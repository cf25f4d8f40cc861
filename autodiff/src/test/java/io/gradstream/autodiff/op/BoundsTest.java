package io.gradstream.autodiff.op;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Numbers that come as data and say where to read and write: outside of what there is they are refused, on every device. */
class BoundsTest {

    @Test
    void lengthsBeyondTheItemsOfAttention() {
        refused(tape -> tape.input("x", Literal.wave(2, 3, 12)).selfAttention(2, false, ids(tape, 2, 4)));
        refused(tape -> tape.input("x", Literal.wave(2, 3, 12)).selfAttention(2, true, ids(tape, -1, 3)));
        refused(tape -> {
            Tensor x = tape.input("x", Literal.wave(1, 70, 4));
            return x.attention(x, x, false, ids(tape, 71));
        });
    }

    @Test
    void lengthsBeyondTheKeysOfAMask() {
        refused(tape -> ids(tape, 5, 7).apply(new Visibility(2, 6, false)));
    }

    @Test
    void bagsBeyondTheirRows() {
        refused(tape -> bag(tape, 0, 2, 4));
        refused(tape -> bag(tape, 0, 2, 1));
        refused(tape -> bag(tape, -1, 2, 3));
    }

    @Test
    void bagsBeyondTheirRowsOnTheWayBack() {
        refused(tape ->
                tape.input("bags", Literal.wave(2, 5)).apply(new BagSpread(Combine.SUM, 3), ids(tape, 0, 2, 4)));
    }

    private static Tensor bag(Tape tape, double... offsets) {
        return tape.input("rows", Literal.wave(3, 5)).apply(new BagCombine(Combine.MEAN), ids(tape, offsets));
    }

    private static Tensor ids(Tape tape, double... ids) {
        return tape.input(
                "ids",
                Literal.ids(
                        java.util.Arrays.stream(ids).mapToInt(id -> (int) id).toArray()));
    }

    private static void refused(Function<Tape, Tensor> expression) {
        Devices.all().forEach((name, open) -> {
            Supplier<Device> device = open;
            try (Device opened = device.get();
                    Tape tape = Tape.eager(opened)) {
                assertThatThrownBy(() -> expression.apply(tape).values())
                        .as(name)
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
        });
    }
}
