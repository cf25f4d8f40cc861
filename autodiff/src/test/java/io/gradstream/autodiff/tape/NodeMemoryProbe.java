package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.transform.Gradient;
import java.util.List;

/** A program that records a chain of a million nodes and its gradient, and prints how many bytes of heap a node takes. */
final class NodeMemoryProbe {

    private static final int LENGTH = 1_000_000;

    private NodeMemoryProbe() {}

    public static void main(String[] arguments) {
        long before = used();
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", TensorType.of(DType.F32));
        Tensor y = x;
        for (int i = 0; i < LENGTH; i++) {
            y = y.negate();
        }
        Gradient.of(tape, y, List.of(x));
        long after = used();
        System.out.println((after - before) / tape.size());
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
