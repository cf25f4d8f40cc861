package io.gradstream.gpu.device;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Reading;
import io.gradstream.gpu.driver.Arguments;
import io.gradstream.gpu.driver.DeviceMemory;
import io.gradstream.gpu.driver.Event;
import io.gradstream.gpu.driver.Grid;
import io.gradstream.gpu.driver.Launch;
import io.gradstream.gpu.driver.PinnedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A ring in the host's memory that the card writes itself: a copy is one kernel behind the work that came before, whoever reads waits for the
 * event behind it, and the card is never waited for by more.
 */
final class CudaReading implements Reading {
    private static final long WORD = Integer.BYTES;
    private static final long PIECE = 3 * Long.BYTES;
    private static final long ALIGNMENT = 64;

    private final CudaDevice device;
    private final Arena arena = Arena.ofShared();
    private final DeviceMemory pieces;
    private final PinnedMemory ring;
    private final long[] places;
    private final long slotBytes;
    private final List<Slot> slots = new ArrayList<>();
    private long begun;
    private long there;
    private boolean open = true;

    /** One copy: the kernel that makes it, the event behind it, and where the host wants it. */
    private static final class Slot {
        private final long at;
        private final Launch launch;
        private final Event done = Event.create();
        private List<MemorySegment> to = List.of();

        Slot(long at, Launch launch) {
            this.at = at;
            this.launch = launch;
        }
    }

    CudaReading(CudaDevice device, List<Buffer> from, int ahead) {
        this.device = device;
        places = new long[from.size()];
        MemorySegment table = arena.allocate(PIECE * from.size(), Long.BYTES);
        long bytes = 0;
        long most = 0;
        for (int i = 0; i < places.length; i++) {
            long size = CudaMemory.bytes(from.get(i));
            if (size % WORD != 0) {
                throw new IllegalArgumentException("what is read together must be of whole words: bytes=" + size);
            }
            places[i] = bytes;
            table.set(JAVA_LONG, i * PIECE, CudaMemory.address(from.get(i)));
            table.set(JAVA_LONG, i * PIECE + Long.BYTES, bytes / WORD);
            table.set(JAVA_LONG, i * PIECE + 2L * Long.BYTES, size / WORD);
            bytes = Math.ceilDiv(bytes + size, ALIGNMENT) * ALIGNMENT;
            most = Math.max(most, size / WORD);
        }
        slotBytes = bytes;
        ring = PinnedMemory.allocate(Math.max(ALIGNMENT, slotBytes * ahead));
        try {
            pieces = DeviceMemory.allocate(device.card(), table.byteSize());
        } catch (RuntimeException e) {
            ring.close();
            throw e;
        }
        device.write(pieces.address(), table);
        Grid row = Grid.elements(most);
        Grid grid = new Grid(row.blocksX(), places.length, row.threadsX(), 1);
        for (int i = 0; i < ahead; i++) {
            Arguments arguments =
                    new Arguments(arena).address(pieces.address()).address(ring.address() + i * slotBytes);
            slots.add(new Slot(i * slotBytes, new Launch(device.kernels(), "reading", "gather", grid, arguments)));
        }
    }

    @Override
    public long begin(List<MemorySegment> to) {
        if (!open) {
            throw new IllegalStateException("a reading must not begin after it was closed");
        }
        device.enter();
        if (begun - there == slots.size()) {
            arrive(there + 1);
        }
        Slot slot = slot(++begun);
        slot.to = to;
        slot.launch.enqueue(device.stream());
        device.stream().record(slot.done);
        return begun;
    }

    /** Throws what kernels have found wrong with their numbers until then. */
    @Override
    public void await(long number) {
        if (number > there) {
            device.enter();
            arrive(number);
            device.faults().check();
        }
    }

    private void arrive(long number) {
        slot(number).done.await();
        while (there < number) {
            deliver(slot(++there));
        }
    }

    private Slot slot(long number) {
        return slots.get((int) (number % slots.size()));
    }

    private void deliver(Slot slot) {
        for (int i = 0; i < places.length; i++) {
            MemorySegment to = slot.to.get(i);
            MemorySegment.copy(ring.segment(), slot.at + places[i], to, 0, to.byteSize());
        }
    }

    @Override
    public void close() {
        if (!open) {
            throw new IllegalStateException("a reading must not be closed twice");
        }
        open = false;
        device.enter();
        if (begun > there) {
            arrive(begun);
        }
        slots.forEach(slot -> slot.done.close());
        ring.close();
        pieces.close();
        arena.close();
    }
}
