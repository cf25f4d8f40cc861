package io.gradstream.autodiff.device;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** The reading of a device that has done what it was asked for when it answers. */
final class ImmediateReading implements Reading {
    private final Device device;
    private final List<Buffer> from;
    private long begun;

    ImmediateReading(Device device, List<Buffer> from) {
        this.device = device;
        this.from = List.copyOf(from);
    }

    @Override
    public long begin(List<MemorySegment> to) {
        for (int i = 0; i < from.size(); i++) {
            device.read(from.get(i), to.get(i));
        }
        return ++begun;
    }

    @Override
    public void await(long number) {}

    @Override
    public void close() {}
}
