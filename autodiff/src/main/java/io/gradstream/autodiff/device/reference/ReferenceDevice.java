package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Memory;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.op.Fused;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The truth: every element is a double, whatever its type, and arithmetic is never rounded but where a result's type is a half
 * precision or an integer one. It is written to be read, not to be fast.
 */
public final class ReferenceDevice implements Device {

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public int bytesPerElement(DType dtype) {
        return Double.BYTES;
    }

    @Override
    public Memory allocate(long bytes) {
        return new ReferenceMemory(bytes);
    }

    @Override
    public boolean fuses(Fused kernel) {
        return true;
    }

    @Override
    public Program compile(List<Call> calls) {
        return new ReferenceProgram(calls);
    }

    @Override
    public void write(Buffer to, MemorySegment from) {
        Array array = Array.of(to);
        DType dtype = to.type().dtype();
        for (int i = 0; i < array.size(); i++) {
            array.set(i, dtype.get(from, i));
        }
    }

    @Override
    public void read(Buffer from, MemorySegment to) {
        Array array = Array.of(from);
        DType dtype = from.type().dtype();
        for (int i = 0; i < array.size(); i++) {
            dtype.set(to, i, array.get(i));
        }
    }

    @Override
    public void close() {}
}
