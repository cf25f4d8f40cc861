package io.gradstream.gpu.device;

import io.gradstream.gpu.device.Schedule.Turn;
import io.gradstream.gpu.driver.Event;
import io.gradstream.gpu.driver.Graph;
import io.gradstream.gpu.driver.Stream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** Streams that are captured together into one graph: the device's own and some beside it, which do nothing else. */
final class Lanes implements AutoCloseable {
    private static final int COUNT = 8;

    private final Stream own;
    private final List<Stream> beside =
            IntStream.range(1, COUNT).mapToObj(_ -> Stream.create()).toList();

    Lanes(Stream own) {
        this.own = own;
    }

    /** Calls as a graph whose edges are what the calls depend on, and what shares a lane. */
    Graph capture(List<CallWork> calls, Dependencies dependencies) {
        List<Turn> turns =
                Schedule.of(dependencies, COUNT, call -> calls.get(call).multiplies());
        try (Marks marks = new Marks()) {
            return own.capture(() -> {
                List<Stream> forked = turns.stream()
                        .map(Turn::lane)
                        .distinct()
                        .filter(lane -> lane > 0)
                        .map(this::stream)
                        .toList();
                forked.forEach(stream -> stream.after(marks.in(own)));
                enqueue(calls, turns, marks);
                forked.forEach(stream -> own.after(marks.in(stream)));
            });
        }
    }

    private void enqueue(List<CallWork> calls, List<Turn> turns, Marks marks) {
        Event[] done = new Event[calls.size()];
        BitSet awaited = new BitSet();
        turns.forEach(turn -> turn.after().forEach(awaited::set));
        for (int call = 0; call < calls.size(); call++) {
            Stream stream = stream(turns.get(call).lane());
            for (int before : turns.get(call).after()) {
                stream.after(done[before]);
            }
            calls.get(call).enqueue(stream);
            if (awaited.get(call)) {
                done[call] = marks.in(stream);
            }
        }
    }

    private Stream stream(int lane) {
        return lane == 0 ? own : beside.get(lane - 1);
    }

    /** Places in streams that are known while a capture lasts. */
    private static final class Marks implements AutoCloseable {
        private final List<Event> events = new ArrayList<>();

        /** The place that a stream has reached. */
        Event in(Stream stream) {
            Event event = Event.create();
            events.add(event);
            stream.record(event);
            return event;
        }

        @Override
        public void close() {
            events.forEach(Event::close);
        }
    }

    @Override
    public void close() {
        beside.forEach(Stream::close);
    }
}
