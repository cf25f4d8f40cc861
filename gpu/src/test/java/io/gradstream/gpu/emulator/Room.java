package io.gradstream.gpu.emulator;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of this module, wherever in the repository a test runs. */
record Room(Path folder) {

    static Room find() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            for (Path candidate : new Path[] {at, at.resolve("gpu")}) {
                if (Files.isDirectory(candidate.resolve("src/test/cuda/driver"))) {
                    return new Room(candidate);
                }
            }
        }
        throw new IllegalStateException(
                "tests run in the repository: folder=" + Path.of("").toAbsolutePath());
    }

    Path emulator() {
        return folder.resolve("src/test/cuda");
    }

    Path kernels() {
        return folder.resolve("src/main/cuda");
    }

    Path ptx() {
        return folder.resolve("src/main/resources/io/gradstream/gpu/ptx");
    }

    Path samplePtx() {
        return folder.resolve("src/test/resources/io/gradstream/gpu/emulator");
    }

    Path built() {
        return folder.resolve("target/emulator");
    }
}
