package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.device.Buffer;
import org.jspecify.annotations.Nullable;

/** Where a value lives: shared by its views and by the versions that in-place operations make of it. */
public final class Storage {

    private final int id;
    private int version;
    private @Nullable Tensor overwriter;
    private @Nullable Buffer buffer;

    Storage(int id) {
        this.id = id;
    }

    /** The node that this storage was made for. */
    public int id() {
        return id;
    }

    /** Whether any in-place operation writes here. */
    public boolean isOverwritten() {
        return overwriter != null;
    }

    int version() {
        return version;
    }

    void overwrite(Tensor by) {
        version++;
        overwriter = by;
    }

    @Nullable
    Tensor overwriter() {
        return overwriter;
    }

    @Nullable
    Buffer buffer() {
        return buffer;
    }

    void place(Buffer at) {
        buffer = at;
    }
}
