package io.gradstream.autodiff.device.cpu;

import java.util.List;

/** Calls that run one after the other. */
final class PreparedCalls implements PreparedCall {
    private final PreparedCall[] calls;

    PreparedCalls(List<PreparedCall> calls) {
        this.calls = calls.toArray(PreparedCall[]::new);
    }

    @Override
    public void run() {
        for (PreparedCall call : calls) {
            call.run();
        }
    }

    @Override
    public void close() {
        for (PreparedCall call : calls) {
            call.close();
        }
    }
}
