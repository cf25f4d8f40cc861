package io.gradstream.autodiff.device.cpu;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** A call on fixed places, run once for every piece of its operands: the piece is copied in, its result copied out. */
final class Turns implements PreparedCall {
    private final int count;
    private final MemorySegment[] operands;
    private final MemorySegment[] places;
    private final PreparedCall call;
    private final MemorySegment result;
    private final MemorySegment out;

    Turns(
            int count,
            List<MemorySegment> operands,
            List<MemorySegment> places,
            PreparedCall call,
            MemorySegment result,
            MemorySegment out) {
        this.count = count;
        this.operands = operands.toArray(MemorySegment[]::new);
        this.places = places.toArray(MemorySegment[]::new);
        this.call = call;
        this.result = result;
        this.out = out;
    }

    @Override
    public void run() {
        for (int turn = 0; turn < count; turn++) {
            for (int i = 0; i < operands.length; i++) {
                long bytes = places[i].byteSize();
                MemorySegment.copy(operands[i], turn * bytes, places[i], 0, bytes);
            }
            call.run();
            MemorySegment.copy(result, 0, out, turn * result.byteSize(), result.byteSize());
        }
    }

    @Override
    public void close() {
        call.close();
    }
}
