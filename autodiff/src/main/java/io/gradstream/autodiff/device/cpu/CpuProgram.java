package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.device.Program;
import java.lang.foreign.MemorySegment.Scope;

/** Prepared calls in a row, over memory that must be open: native kernels and vector loops go by addresses and would not notice. */
final class CpuProgram implements Program {
    private final MeasuredArena arena;
    private final Gemm gemm;
    private final PreparedCall[] calls;
    private final Scope[] memories;

    CpuProgram(MeasuredArena arena, Gemm gemm, PreparedCall[] calls, Scope[] memories) {
        this.arena = arena;
        this.gemm = gemm;
        this.calls = calls;
        this.memories = memories;
    }

    @Override
    public void run() {
        requireOpen();
        gemm.enter();
        for (PreparedCall call : calls) {
            call.run();
        }
    }

    @Override
    public void run(long[] nanos) {
        requireOpen();
        gemm.enter();
        long before = System.nanoTime();
        for (int i = 0; i < calls.length; i++) {
            calls[i].run();
            long after = System.nanoTime();
            nanos[i] = after - before;
            before = after;
        }
    }

    @Override
    public long workspaceBytes() {
        return arena.bytes();
    }

    @Override
    public void close() {
        arena.close();
        for (PreparedCall call : calls) {
            call.close();
        }
    }

    private void requireOpen() {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("a program must not run after it was closed");
        }
        for (Scope memory : memories) {
            if (!memory.isAlive()) {
                throw new IllegalStateException("a program must not run after its memory was closed");
            }
        }
    }
}
