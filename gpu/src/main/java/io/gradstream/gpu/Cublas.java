package io.gradstream.gpu;

import java.nio.file.Path;

/** Whether the cuBLAS library that CUDA matrix products need is on this machine. */
public sealed interface Cublas {

    /** One line for a person. */
    String describe();

    /** A cuBLAS library file that exists; nothing has loaded it. */
    record Found(Path library) implements Cublas {
        @Override
        public String describe() {
            return "cuBLAS " + library;
        }
    }

    /** No cuBLAS library in any of the usual places. */
    record Missing(String reason) implements Cublas {
        @Override
        public String describe() {
            return reason;
        }
    }
}
