package io.gradstream.gpu.device;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Memory;
import io.gradstream.autodiff.device.MemoryUse;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.device.Reading;
import io.gradstream.autodiff.op.Fused;
import io.gradstream.autodiff.op.LinearActivation;
import io.gradstream.autodiff.op.Rounded;
import io.gradstream.autodiff.op.SlopeProduct;
import io.gradstream.autodiff.op.SlopeSum;
import io.gradstream.gpu.CudaLibraries;
import io.gradstream.gpu.CudaUnavailableException;
import io.gradstream.gpu.driver.Blas;
import io.gradstream.gpu.driver.Card;
import io.gradstream.gpu.driver.DeviceMemory;
import io.gradstream.gpu.driver.Kernels;
import io.gradstream.gpu.driver.Product;
import io.gradstream.gpu.driver.Stream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An NVIDIA card. A program is one captured graph: a run is one launch, which returns before the work is done, and the host waits only where
 * it reads.
 */
public final class CudaDevice implements Device {
    private final Card card;
    private final Stream stream;
    private final Lanes lanes;
    private final Kernels kernels = new Kernels();
    private @Nullable Blas blas;
    private final Transfers transfers;
    private final Faults faults;
    private final boolean tensorFloats;
    private boolean open = true;

    private CudaDevice(Card card, boolean tensorFloats) {
        this.card = card;
        this.tensorFloats = tensorFloats;
        stream = Stream.create();
        lanes = new Lanes(stream);
        transfers = new Transfers(card, stream);
        faults = new Faults();
    }

    /**
     * Opens a card, with the libraries that are found on this machine.
     *
     * @param index its number, counted from 0
     * @param tensorFloats whether products of floats may round their operands to 11 significant bits, which is faster
     * @throws CudaUnavailableException if a library is missing or too old
     */
    public static CudaDevice open(int index, boolean tensorFloats) {
        CudaLibraries.load();
        return new CudaDevice(Card.open(index), tensorFloats);
    }

    @Override
    public String name() {
        return "cuda:" + card.index();
    }

    Card card() {
        return card;
    }

    Stream stream() {
        return stream;
    }

    Kernels kernels() {
        return kernels;
    }

    /** Products of matrices; what they need is taken when the first program has one. */
    Blas blas() {
        if (blas == null) {
            blas = new Blas(card, stream);
        }
        return blas;
    }

    Faults faults() {
        return faults;
    }

    /** Makes the calling thread talk to this card, which has everything that was written before. */
    void enter() {
        card.enter();
        transfers.flush();
    }

    Product.Arithmetic arithmetic(DType dtype) {
        return switch (dtype) {
            case F64 -> Product.Arithmetic.F64;
            case F32 -> tensorFloats ? Product.Arithmetic.TF32 : Product.Arithmetic.F32;
            case F16 -> Product.Arithmetic.F16;
            case BF16 -> Product.Arithmetic.BF16;
            case I32, U8 -> throw new IllegalArgumentException("only floating numbers are multiplied: type=" + dtype);
        };
    }

    /** How the card's memory is used; any thread may ask at any time. */
    @Override
    public synchronized Optional<MemoryUse> memory() {
        if (!open) {
            return Optional.empty();
        }
        card.enter(); // and nothing more: what was written and not sent is the business of the thread that trains
        return Optional.of(new MemoryUse(card.takenBytes(), card.freeBytes()));
    }

    @Override
    public int bytesPerElement(DType dtype) {
        return dtype.bytes();
    }

    @Override
    public Memory allocate(long bytes) {
        enter();
        DeviceMemory memory = DeviceMemory.allocate(card, bytes);
        stream.clear(memory.address(), memory.bytes());
        return new CudaMemory(this, memory);
    }

    @Override
    public boolean fuses(Fused kernel) {
        return switch (kernel) {
            case LinearActivation _, SlopeProduct _, SlopeSum _ -> true;
            case Rounded(Fused exact, DType _) -> exact instanceof LinearActivation || exact instanceof SlopeProduct;
        };
    }

    @Override
    public boolean startsSlowly() {
        return true;
    }

    @Override
    public Reading reading(List<Buffer> from, int ahead) {
        enter();
        return from.isEmpty() ? Device.super.reading(from, ahead) : new CudaReading(this, from, ahead);
    }

    @Override
    public Program compile(List<Call> calls) {
        return compile(calls, new Dependencies(calls.stream().map(Effects::of).toList()));
    }

    /** Prepares calls that keep their order where they depend on each other. */
    Program compile(List<Call> calls, Dependencies dependencies) {
        enter();
        Workshop shop = new Workshop(this, dependencies);
        try {
            List<CallWork> work = new ArrayList<>();
            for (Call call : calls) {
                Translation.translate(call, shop);
                work.add(shop.finished());
            }
            return new CudaProgram(this, shop, memories(calls), work, lanes.capture(work, dependencies));
        } catch (RuntimeException | Error e) {
            enter();
            shop.close();
            throw e;
        }
    }

    private static List<CudaMemory> memories(List<Call> calls) {
        List<Buffer> buffers = new ArrayList<>();
        for (Call call : calls) {
            buffers.addAll(call.inputs());
            buffers.add(call.output());
        }
        return buffers.stream().map(CudaMemory::of).distinct().toList();
    }

    void write(long to, MemorySegment from) {
        transfers.in(to, from);
    }

    @Override
    public void write(Buffer to, MemorySegment from) {
        card.enter();
        transfers.in(CudaMemory.address(to), from.asSlice(0, CudaMemory.bytes(to)));
    }

    @Override
    public void read(Buffer from, MemorySegment to) {
        enter();
        transfers.out(to.asSlice(0, CudaMemory.bytes(from)), CudaMemory.address(from));
        faults.check();
    }

    @Override
    public synchronized void close() {
        open = false;
        enter();
        stream.await();
        faults.close();
        transfers.close();
        if (blas != null) {
            blas.close();
        }
        kernels.close();
        lanes.close();
        stream.close();
        card.close();
    }
}
