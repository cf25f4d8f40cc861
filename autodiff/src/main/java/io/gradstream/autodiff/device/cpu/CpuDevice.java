package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Memory;
import io.gradstream.autodiff.device.Program;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;

/**
 * The processor this JVM runs on, one thread of it: oneDNN for matrix products and the Vector API for the rest, each replaced by Java code
 * where it cannot be had. What was chosen and why is in {@link #facts()}.
 */
public final class CpuDevice implements Device {
    private final Gemm gemm;
    private final boolean vectors;
    private final CpuFacts facts;

    private CpuDevice(Gemm gemm, boolean vectors, CpuFacts facts) {
        this.gemm = gemm;
        this.vectors = vectors;
        this.facts = facts;
    }

    /** The fastest device that this machine and class path allow. */
    public static CpuDevice open() {
        return of(OneDnn.isAvailable(), VectorApi.isAvailable());
    }

    /** A device that runs on Java code alone, without native libraries. */
    public static CpuDevice withoutNativeCode() {
        return of(false, VectorApi.isAvailable());
    }

    /** A device that runs on plain Java alone, element by element: slow, and what the fast ones are held to. */
    public static CpuDevice plain() {
        return of(false, false);
    }

    private static CpuDevice of(boolean oneDnn, boolean vectors) {
        Gemm gemm = oneDnn ? new OneDnnGemm() : vectors ? new VectorGemm() : new PlainGemm();
        String elementwise = vectors ? VectorApi.describe() : "plain Java";
        return new CpuDevice(
                gemm,
                vectors,
                new CpuFacts(
                        gemm.describe(),
                        elementwise,
                        oneDnn ? "" : whyNot(OneDnn.reason()),
                        vectors ? "" : whyNot(VectorApi.reason())));
    }

    private static String whyNot(String reason) {
        return reason.isEmpty() ? "not asked for" : reason;
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
    public Program compile(List<Call> calls) {
        Arena arena = Arena.ofShared();
        CpuKernels kernels = new CpuKernels(gemm, vectors, Workspace.in(arena));
        gemm.enter();
        PreparedCall[] prepared = new PreparedCall[calls.size()];
        for (int i = 0; i < prepared.length; i++) {
            prepared[i] = kernels.prepare(calls.get(i));
        }
        return new CpuProgram(arena, gemm, prepared, memories(calls));
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
        // memories and programs belong to those who made them
    }
}
