package io.gradstream.gpu.device;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.op.InPlace;
import java.util.ArrayList;
import java.util.List;

/** The stretches of the card's memory that a call reads, and those that it writes. Nobody else sees what else it works with. */
record Effects(List<Stretch> reads, List<Stretch> writes) {

    /** Addresses from one on and before another. */
    record Stretch(long from, long to) {
        static Stretch of(Buffer buffer) {
            long address = CudaMemory.address(buffer);
            return new Stretch(address, address + CudaMemory.bytes(buffer));
        }

        boolean meets(Stretch other) {
            return Math.max(from, other.from) < Math.min(to, other.to);
        }
    }

    Effects {
        reads = List.copyOf(reads);
        writes = List.copyOf(writes);
    }

    static Effects of(Call call) {
        List<Stretch> writes = new ArrayList<>();
        writes.add(Stretch.of(call.output()));
        if (call.kernel() instanceof InPlace kernel) {
            kernel.overwrites().forEach(operand -> writes.add(Stretch.of(call.input(operand))));
        }
        return new Effects(call.inputs().stream().map(Stretch::of).toList(), writes);
    }

    /** Whether it matters which of two calls comes first. */
    boolean conflictsWith(Effects other) {
        return meet(writes, other.writes) || meet(writes, other.reads) || meet(reads, other.writes);
    }

    private static boolean meet(List<Stretch> some, List<Stretch> others) {
        for (Stretch one : some) {
            for (Stretch other : others) {
                if (one.meets(other)) {
                    return true;
                }
            }
        }
        return false;
    }
}
