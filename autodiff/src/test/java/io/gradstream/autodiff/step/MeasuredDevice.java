package io.gradstream.autodiff.step;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Memory;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.op.Kernel;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A device that counts the bytes that live on it, and remembers what it compiles. */
final class MeasuredDevice implements Device {
    private final Device device;
    private final List<Call> calls = new ArrayList<>();
    private long bytes;
    private final Predicate<Kernel> refuses;
    private int programs;
    private int left = Integer.MAX_VALUE;

    MeasuredDevice(Device device) {
        this(device, _ -> false);
    }

    /** One that cannot compile some kernels. */
    MeasuredDevice(Device device, Predicate<Kernel> refuses) {
        this.device = device;
        this.refuses = refuses;
    }

    /** Lets so many allocations and writes pass and refuses those behind them. */
    void allow(int more) {
        left = more;
    }

    private void pass() {
        if (left == 0) {
            throw new OutOfMemoryError("refused");
        }
        left--;
    }

    /** The bytes that are allocated and not freed. */
    long bytes() {
        return bytes;
    }

    /** The programs that are compiled and not closed. */
    int programs() {
        return programs;
    }

    /** Every call that was ever compiled. */
    List<Call> calls() {
        return List.copyOf(calls);
    }

    private final class Counted implements Memory {
        private final Memory memory;

        Counted(Memory memory) {
            this.memory = memory;
            bytes += memory.bytes();
        }

        @Override
        public long bytes() {
            return memory.bytes();
        }

        @Override
        public void close() {
            bytes -= memory.bytes();
            memory.close();
        }
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
    public Memory allocate(long size) {
        pass();
        return new Counted(device.allocate(size));
    }

    @Override
    public Program compile(List<Call> given) {
        calls.addAll(given);
        if (given.stream().map(Call::kernel).anyMatch(refuses)) {
            throw new UnsupportedOperationException("refused");
        }
        Program program =
                device.compile(given.stream().map(MeasuredDevice::inside).toList());
        programs++;
        return new Program() {
            @Override
            public void run() {
                program.run();
            }

            @Override
            public void run(long[] nanos) {
                program.run(nanos);
            }

            @Override
            public long workspaceBytes() {
                return program.workspaceBytes();
            }

            @Override
            public void close() {
                programs--;
                program.close();
            }
        };
    }

    @Override
    public void write(Buffer to, MemorySegment from) {
        pass();
        device.write(inside(to), from);
    }

    @Override
    public void read(Buffer from, MemorySegment to) {
        device.read(inside(from), to);
    }

    @Override
    public void close() {
        device.close();
    }

    private static Call inside(Call call) {
        return new Call(
                call.kernel(),
                call.inputs().stream().map(MeasuredDevice::inside).toList(),
                inside(call.output()));
    }

    private static Buffer inside(Buffer buffer) {
        return new Buffer(((Counted) buffer.memory()).memory, buffer.offset(), buffer.type());
    }
}
