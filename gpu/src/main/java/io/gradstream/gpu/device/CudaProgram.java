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
    private final List<CallWork> calls;
    private final Graph graph;
    private boolean open = true;

    CudaProgram(CudaDevice device, Workshop shop, List<CudaMemory> memories, List<CallWork> calls, Graph graph) {
        this.device = device;
        this.shop = shop;
        this.memories = List.copyOf(memories);
        this.calls = List.copyOf(calls);
        this.graph = graph;
    }

    @Override
    public void run() {
        requireOpen();
        device.enter();
        graph.launch(device.stream());
    }

    /** The same work call after call, with an event between two of them. */
    @Override
    public void run(long[] nanos) {
        requireOpen();
        device.enter();
        List<Event> events = new ArrayList<>();
        try {
            events.add(Event.timed());
            device.stream().record(events.getFirst());
            for (CallWork call : calls) {
                call.enqueue(device.stream());
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
