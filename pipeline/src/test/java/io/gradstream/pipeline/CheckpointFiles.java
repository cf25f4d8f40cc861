package io.gradstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The files of a checkpoint directory. */
final class CheckpointFiles {
    private CheckpointFiles() {}

    /** What a kill leaves behind that came before these were written; on a slow disk the newest one left may be older than the step. */
    static void forgetBehind(Path directory, long step) throws IOException {
        boolean some = false;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String stem = file.getFileName().toString().replaceAll("\\..*", "");
                if (stem.matches("\\d+")) {
                    if (Long.parseLong(stem) > step) {
                        Files.delete(file);
                    } else {
                        some = true;
                    }
                }
            }
        }
        assertThat(some).as("a checkpoint is left up to step %s", step).isTrue();
    }
}
