package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.device.Program;
import java.lang.foreign.Arena;

/** Prepared calls in a row. */
final class CpuProgram implements Program {
    private final Arena arena;
    private final Gemm gemm;
    private final PreparedCall[] calls;

    CpuProgram(Arena arena, Gemm gemm, PreparedCall[] calls) {
        this.arena = arena;
        this.gemm = gemm;
        this.calls = calls;
    }

    @Override
    public void run() {
        gemm.enter();
        for (PreparedCall call : calls) {
            call.run();
        }
    }

    @Override
    public void close() {
        for (PreparedCall call : calls) {
            call.close();
        }
        arena.close();
    }
}
