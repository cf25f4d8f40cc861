package io.gradstream.autodiff;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Memory;
import io.gradstream.autodiff.device.MemoryUse;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.device.Reading;
import io.gradstream.autodiff.op.Fused;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** A device that lets another one work, for tests that change or watch a part of that. */
public abstract class ForwardingDevice implements Device {
    protected final Device device;

    protected ForwardingDevice(Device device) {
        this.device = device;
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public int bytesPerElement(DType dtype) {
        return device.bytesPerElement(dtype);
    }

    @Override
    public Memory allocate(long bytes) {
        return device.allocate(bytes);
    }

    @Override
    public Optional<MemoryUse> memory() {
        return device.memory();
    }

    @Override
    public boolean fuses(Fused kernel) {
        return device.fuses(kernel);
    }

    @Override
    public Program compile(List<Call> calls) {
        return device.compile(calls);
    }

    @Override
    public void write(Buffer to, MemorySegment from) {
        device.write(to, from);
    }

    @Override
    public void read(Buffer from, MemorySegment to) {
        device.read(from, to);
    }

    @Override
    public Reading reading(List<Buffer> from, int ahead) {
        return device.reading(from, ahead);
    }

    @Override
    public void close() {
        device.close();
    }
}
