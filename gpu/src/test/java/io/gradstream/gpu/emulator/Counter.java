package io.gradstream.gpu.emulator;

/** Something that the emulator counts; what begins with {@code LIVE} is zero when all owners have closed. */
public enum Counter {
    LAUNCHES,
    GRAPH_LAUNCHES,
    /** Calls that made the host wait for a card. */
    SYNCHRONIZATIONS,
    ALLOCATIONS,
    LIVE_ALLOCATIONS,
    LIVE_BYTES,
    LIVE_PINNED,
    LIVE_STREAMS,
    LIVE_EVENTS,
    LIVE_MODULES,
    LIVE_GRAPHS,
    LIVE_CONTEXTS,
    LIVE_BLAS_HANDLES
}
