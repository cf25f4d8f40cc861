package io.gradstream.autodiff.step;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The last few states of a training step, to go back to when a stretch of the stream turns out to be poisoned: parameters, the optimizer's
 * moments, loss scaler, step and random counters, and what gradient health remembers. States are taken between two steps. Memory is
 * allocated in the first round only; after that the oldest state's is used again.
 */
public final class SnapshotRing implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private final TrainingStep step;
    private final int capacity;
    private final Arena arena = Arena.ofShared();
    private final List<Buffer> blocks;
    private final ArrayList<State> states = new ArrayList<>();
    private final ArrayList<State> spare = new ArrayList<>();

    private static final class State {
        private final List<MemorySegment> blocks = new ArrayList<>();
        private final Trend trend = new Trend();
        private long step;
    }

    /** A ring of at most so many states of a step, which it does not own. */
    public SnapshotRing(TrainingStep step, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a ring must have room for a state: capacity=" + capacity);
        }
        this.step = step;
        this.capacity = capacity;
        blocks = step.blocks();
    }

    /** How many states there are to go back to. */
    public int size() {
        return states.size();
    }

    /** How many steps had been taken, skipped ones included, when a state was taken; 0 is the newest. */
    public long step(int back) {
        return state(back).step;
    }

    /** Takes the present state; the oldest is forgotten when there are too many. */
    public void take() {
        if (step.pendingRows() > 0) {
            throw new IllegalStateException("a state is taken between two steps: pendingRows=" + step.pendingRows());
        }
        State state = room();
        Device device = step.device();
        for (int i = 0; i < state.blocks.size(); i++) {
            device.read(blocks.get(i), state.blocks.get(i));
        }
        state.step = step.steps();
        step.keep(state.trend);
        states.addLast(state);
    }

    /** Goes back to a state, 0 being the newest; rows accumulated since are dropped, and newer states are forgotten. */
    public void restore(int back) {
        State state = state(back);
        Device device = step.device();
        for (int i = 0; i < state.blocks.size(); i++) {
            device.write(blocks.get(i), state.blocks.get(i));
        }
        step.resume(state.trend);
        for (int i = 0; i < back; i++) {
            spare.add(states.removeLast());
        }
    }

    private State state(int back) {
        if (back < 0 || back >= states.size()) {
            throw new IllegalArgumentException("there must be such a state: back=" + back + " states=" + states.size());
        }
        return states.get(states.size() - 1 - back);
    }

    private State room() {
        if (states.size() == capacity) {
            return states.removeFirst();
        }
        if (!spare.isEmpty()) {
            return spare.removeLast();
        }
        State state = new State();
        for (Buffer block : blocks) {
            state.blocks.add(arena.allocate(block.size() * block.type().dtype().bytes(), ALIGNMENT));
        }
        return state;
    }

    @Override
    public void close() {
        arena.close();
    }
}
