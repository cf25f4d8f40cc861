package io.gradstream.autodiff.examples;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Memory;
import io.gradstream.autodiff.device.Program;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A device that lets another one work and counts by operation what it was asked to compute. */
public final class CountingDevice implements Device {

    private final Device device;
    private final Map<String, Integer> calls = new TreeMap<>();

    public CountingDevice(Device device) {
        this.device = device;
    }

    /** How many calls of each operation were prepared. */
    public Map<String, Integer> calls() {
        return Map.copyOf(calls);
    }

    @Override
    public Program compile(List<Call> program) {
        program.forEach(call -> calls.merge(call.kernel().name(), 1, Integer::sum));
        return device.compile(program);
    }

    @Override
    public String name() {
        return "counting " + device.name();
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
    public void write(Buffer to, MemorySegment from) {
        device.write(to, from);
    }

    @Override
    public void read(Buffer from, MemorySegment to) {
        device.read(from, to);
    }

    @Override
    public void close() {
        device.close();
    }
}
