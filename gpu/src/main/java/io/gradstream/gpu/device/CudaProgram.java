package io.gradstream.gpu.device;

import io.gradstream.autodiff.device.Program;
import io.gradstream.gpu.driver.Event;
import io.gradstream.gpu.driver.Graph;
import java.util.ArrayList;
import java.util.List;

/** Calls as one graph, which a run launches and nothing else. */
final class CudaProgram implements Program {
    private final CudaDevice device;
    private final Workshop shop;
    private final List<CudaMemory> memories;
    private final List<List<Work>> calls;
    private final Graph graph;
    private boolean open = true;

    /** @param calls the work of each call */
    CudaProgram(CudaDevice device, Workshop shop, List<CudaMemory> memories, List<List<Work>> calls) {
        this.device = device;
        this.shop = shop;
        this.memories = List.copyOf(memories);
        this.calls = List.copyOf(calls);
        graph = device.stream().capture(() -> calls.forEach(this::enqueue));
    }

    private void enqueue(List<Work> call) {
        for (Work work : call) {
            work.enqueue(device.stream());
        }
    }

    @Override
    public void run() {
        requireOpen();
        device.enter();
        graph.launch(device.stream());
    }

    /** The same work piece by piece, with an event between two calls. */
    @Override
    public void run(long[] nanos) {
        requireOpen();
        device.enter();
        List<Event> events = new ArrayList<>();
        try {
            events.add(Event.timed());
            device.stream().record(events.getFirst());
            for (List<Work> call : calls) {
                enqueue(call);
                Event event = Event.timed();
                events.add(event);
                device.stream().record(event);
            }
            device.stream().await();
            for (int i = 0; i < calls.size(); i++) {
                nanos[i] = events.get(i + 1).nanosSince(events.get(i));
            }
        } finally {
            events.forEach(Event::close);
        }
    }

    @Override
    public long workspaceBytes() {
        return shop.workspaceBytes();
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException("a program must not run after it was closed");
        }
        for (CudaMemory memory : memories) {
            if (!memory.isOpen()) {
                throw new IllegalStateException("a program must not run after its memory was closed");
            }
        }
    }

    @Override
    public void close() {
        if (!open) {
            throw new IllegalStateException("a program must not be closed twice");
        }
        open = false;
        device.enter();
        device.stream().await();
        graph.close();
        shop.close();
    }
}
