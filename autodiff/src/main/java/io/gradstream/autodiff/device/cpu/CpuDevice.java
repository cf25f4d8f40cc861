package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Memory;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.op.Fused;
import io.gradstream.autodiff.op.LinearActivation;
import io.gradstream.autodiff.op.Rounded;
import io.gradstream.autodiff.op.SlopeProduct;
import io.gradstream.autodiff.op.SlopeSum;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The processor this JVM runs on: oneDNN for matrix products and the Vector API for the rest, each replaced by Java code
 * where it cannot be had. What was chosen and why is in {@link #facts()}.
 * One thread works unless more are asked for, and how many there are never changes a bit of what is computed.
 */
public final class CpuDevice implements Device {
    private final Gemm gemm;
    private final boolean vectors;
    private final CpuFacts facts;
    private final Team team;

    private CpuDevice(Gemm gemm, boolean vectors, CpuFacts facts, int threads) {
        this.gemm = gemm;
        this.vectors = vectors;
        this.facts = facts;
        this.team = new Team(threads, gemm::enter);
    }

    /** The fastest device that this machine and class path allow. */
    public static CpuDevice open() {
        return open(1);
    }

    /** The fastest device that this machine and class path allow, with so many threads for large operations. */
    public static CpuDevice open(int threads) {
        return of(OneDnn.isAvailable(), VectorApi.isAvailable(), threads);
    }

    /** A device that runs on Java code alone, without native libraries. */
    public static CpuDevice withoutNativeCode() {
        return withoutNativeCode(1);
    }

    /** A device that runs on Java code alone, with so many threads for large operations. */
    public static CpuDevice withoutNativeCode(int threads) {
        return of(false, VectorApi.isAvailable(), threads);
    }

    /** A device that runs on plain Java alone, element by element: slow, and what the fast ones are held to. */
    public static CpuDevice plain() {
        return of(false, false, 1);
    }

    private static CpuDevice of(boolean oneDnn, boolean vectors, int threads) {
        Gemm gemm = oneDnn ? new OneDnnGemm() : vectors ? new VectorGemm() : new PlainGemm();
        String elementwise = vectors ? VectorApi.describe() : "plain Java";
        return new CpuDevice(
                gemm,
                vectors,
                new CpuFacts(
                        gemm.describe(),
                        elementwise,
                        oneDnn ? "" : whyNot(OneDnn.reason()),
                        vectors ? "" : whyNot(VectorApi.reason())),
                threads);
    }

    private static String whyNot(String reason) {
        return reason.isEmpty() ? "not asked for" : reason;
    }

    /** How many threads work on large operations. */
    public int threads() {
        return team.threads();
    }

    /** What does the arithmetic here. */
    public CpuFacts facts() {
        return facts;
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public int bytesPerElement(DType dtype) {
        return dtype.bytes();
    }

    @Override
    public Memory allocate(long bytes) {
        return new CpuMemory(bytes);
    }

    @Override
    public boolean fuses(Fused kernel) {
        return switch (kernel) {
            case LinearActivation _, SlopeProduct _ -> true;
            case SlopeSum _, Rounded _ -> false;
        };
    }

    @Override
    public Program compile(List<Call> calls) {
        MeasuredArena arena = new MeasuredArena(Arena.ofShared());
        List<PreparedCall> prepared = new ArrayList<>(calls.size());
        try {
            CpuKernels kernels = new CpuKernels(gemm, vectors, Workspace.in(arena, team));
            gemm.enter();
            for (Call call : calls) {
                prepared.add(kernels.prepare(call));
            }
            return new CpuProgram(arena, gemm, prepared.toArray(PreparedCall[]::new), memories(calls));
        } catch (RuntimeException | Error e) {
            prepared.forEach(PreparedCall::close);
            arena.close();
            throw e;
        }
    }

    private static MemorySegment.Scope[] memories(List<Call> calls) {
        return calls.stream()
                .flatMap(call -> Stream.concat(call.inputs().stream(), Stream.of(call.output())))
                .map(buffer -> CpuMemory.segment(buffer).scope())
                .distinct()
                .toArray(MemorySegment.Scope[]::new);
    }

    @Override
    public void write(Buffer to, MemorySegment from) {
        CpuMemory.write(to, from);
    }

    @Override
    public void read(Buffer from, MemorySegment to) {
        CpuMemory.read(from, to);
    }

    @Override
    public void close() {
        team.close(); // memories and programs belong to those who made them
    }
}
