package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Memory;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.op.Elements;
import io.gradstream.autodiff.op.Slots;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The gradients of a table's touched rows in a device's memory, with the index of their slots. */
final class RowGradients implements AutoCloseable {
    private static final long ALIGNMENT = 64;
    private static final String TOUCHED = "touched.";

    private final Device device;
    private final String name;
    private final int rows;
    private final int width;
    private Room room;
    private int atMost;

    RowGradients(Device device, ParameterSpec table, int capacity) {
        this.device = device;
        name = table.name();
        rows = table.shape().dim(0);
        width = table.shape().dim(1);
        room = room(Math.min(rows, capacity));
    }

    /** Slots and the memory for them, which is there as a whole or not at all. */
    private record Room(Slots slots, Memory gradients, Memory index) implements AutoCloseable {
        @Override
        public void close() {
            gradients.close();
            index.close();
        }
    }

    private Room room(int capacity) {
        Slots slots = new Slots(capacity);
        Memory gradients = allocate(gradientType(capacity));
        try {
            return new Room(slots, gradients, allocate(slots.type()));
        } catch (RuntimeException | Error e) {
            gradients.close();
            throw e;
        }
    }

    String name() {
        return name;
    }

    /** F32 [capacity, width]. */
    Buffer gradients() {
        return new Buffer(room.gradients(), 0, gradientType(room.slots().capacity()));
    }

    Buffer index() {
        return new Buffer(room.index(), 0, room.slots().type());
    }

    /** Whether so many rows more can be touched in any case. */
    boolean hasRoom(int more) {
        return Math.min(rows, (long) atMost + more) <= room.slots().capacity();
    }

    /** Remembers that so many rows more may have been touched. */
    void expect(int more) {
        atMost = (int) Math.min(rows, (long) atMost + more);
    }

    /** Remembers that a step has emptied all slots. */
    void expectNone() {
        atMost = 0;
    }

    /** Makes room for so many rows more, and at least doubles it, and keeps what is there. */
    void grow(int more) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment touched = touched(arena);
            MemorySegment pending = pending(arena, touched);
            Room larger = room((int) Math.min(
                    rows, Math.max((long) atMost + more, 2L * room.slots().capacity())));
            room.close();
            room = larger;
            write(touched, pending);
        }
    }

    /** Takes all slots and their gradients away. */
    void clear() {
        write(MemorySegment.NULL, MemorySegment.NULL);
    }

    /** Adds the gradients of touched rows to a snapshot, if there are any. */
    void save(List<Snapshot.Block> blocks) {
        MemorySegment touched = touched(Arena.ofAuto());
        int count = (int) (touched.byteSize() / Integer.BYTES);
        if (count > 0) {
            blocks.add(new Snapshot.Block(TOUCHED + name, touchedType(count), touched));
            blocks.add(new Snapshot.Block(
                    ParameterStore.GRADIENT + name, gradientType(count), pending(Arena.ofAuto(), touched)));
        }
    }

    /** How many rows of this table are touched in a snapshot. */
    int pending(Snapshot snapshot) {
        return snapshot.find(TOUCHED + name)
                .map(block -> Math.toIntExact(block.type().shape().size()))
                .orElse(0);
    }

    /** Adds what a snapshot must hold of this table's gradients, given how many rows it says are touched. */
    void expect(Snapshot snapshot, Map<String, TensorType> expected) {
        int count = pending(snapshot);
        if (count > 0) {
            expected.put(TOUCHED + name, touchedType(Math.min(count, rows)));
            expected.put(ParameterStore.GRADIENT + name, gradientType(Math.min(count, rows)));
        }
    }

    /** Takes the gradients of a snapshot into slots that are empty and many enough. */
    void restore(Snapshot snapshot) {
        if (pending(snapshot) > 0) {
            write(
                    snapshot.find(TOUCHED + name).orElseThrow().bytes(),
                    snapshot.find(ParameterStore.GRADIENT + name).orElseThrow().bytes());
        }
    }

    /** I32: the rows with a slot, in the order of the slots. */
    private MemorySegment touched(Arena arena) {
        MemorySegment host = arena.allocate(room.slots().type().shape().size() * Integer.BYTES, ALIGNMENT);
        device.read(index(), host);
        int inUse = host.getAtIndex(JAVA_INT, Slots.IN_USE);
        return host.asSlice((long) Slots.ROWS * Integer.BYTES, (long) inUse * Integer.BYTES);
    }

    /** F32 [touched, width]: the gradients of the rows with a slot. */
    private MemorySegment pending(Arena arena, MemorySegment touched) {
        int count = (int) (touched.byteSize() / Integer.BYTES);
        MemorySegment host = arena.allocate((long) count * width * Float.BYTES, ALIGNMENT);
        if (count > 0) {
            device.read(new Buffer(room.gradients(), 0, gradientType(count)), host);
        }
        return host;
    }

    /** Gives slots to these rows and to no others, with these gradients. */
    private void write(MemorySegment touched, MemorySegment pending) {
        int count = (int) (touched.byteSize() / Integer.BYTES);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment hostIndex = arena.allocate(room.slots().type().shape().size() * Integer.BYTES, ALIGNMENT);
            Elements elements = new Host(hostIndex);
            for (int i = 0; i < count; i++) {
                room.slots().claim(elements, Objects.checkIndex(touched.getAtIndex(JAVA_INT, i), rows));
            }
            MemorySegment hostGradients =
                    arena.allocate((long) room.slots().capacity() * width * Float.BYTES, ALIGNMENT);
            hostGradients.copyFrom(pending);
            device.write(index(), hostIndex);
            device.write(gradients(), hostGradients);
        }
        atMost = count;
    }

    private static TensorType touchedType(int count) {
        return TensorType.of(DType.I32, count);
    }

    private TensorType gradientType(int count) {
        return TensorType.of(ParameterBlock.DTYPE, count, width);
    }

    @Override
    public void close() {
        room.close();
    }

    private Memory allocate(TensorType type) {
        return device.allocate(type.shape().size() * device.bytesPerElement(type.dtype()));
    }

    private record Host(MemorySegment index) implements Elements {
        @Override
        public double get(long at) {
            return index.getAtIndex(JAVA_INT, at);
        }

        @Override
        public void set(long at, double value) {
            index.setAtIndex(JAVA_INT, at, (int) value);
        }
    }
}
