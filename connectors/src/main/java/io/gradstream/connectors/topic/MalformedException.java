package io.gradstream.connectors.topic;

import org.jspecify.annotations.Nullable;

/** Says that bytes which claim to be safetensors, a manifest, a metric, a journal record or a capture are not. */
public final class MalformedException extends RuntimeException {
    public MalformedException(String message) {
        super(message);
    }

    public MalformedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
