package io.gradstream.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program, a library or a data set outside this repository that some tests need. */
public enum Tool {
    DOCKER("a running Docker engine (Debian: apt install docker.io, then start dockerd)") {
        @Override
        Optional<String> whyMissing() {
            return succeeds("docker", "version", "--format", "{{.Server.Version}}");
        }
    },
    DEBOOTSTRAP("debootstrap, to build container images without a registry (Debian: apt install debootstrap)") {
        @Override
        Optional<String> whyMissing() {
            return Files.isExecutable(Path.of("/usr/sbin/debootstrap"))
                    ? Optional.empty()
                    : Optional.of("/usr/sbin/debootstrap not found");
        }
    },
    BROWSER("chromium (Debian: apt install chromium)") {
        @Override
        Optional<String> whyMissing() {
            return succeeds("chromium", "--version");
        }
    },
    FAKETIME("libfaketime, to set the clock of one process (Debian: apt install faketime)") {
        @Override
        Optional<String> whyMissing() {
            return succeeds("faketime", "--version");
        }
    },
    NATIVE_TOOLCHAIN("a C++ compiler (Debian: apt install g++)") {
        @Override
        Optional<String> whyMissing() {
            return succeeds("g++", "--version");
        }
    },
    NVCC("nvcc of CUDA 13.0, whose output is committed (NVIDIA's packages cuda-nvcc-13-0, cuda-cudart-dev-13-0)") {
        @Override
        Optional<String> whyMissing() {
            return succeeds("sh", "-c", "nvcc --version | grep -q 'release 13.0,'");
        }
    },
    ELEC2("the Elec2 data set, which is not ours to ship, and say -Dgradstream.elec2=FOLDER (see docs/learning.md)") {
        @Override
        Optional<String> whyMissing() {
            String folder = System.getProperty("gradstream.elec2", "");
            return !folder.isEmpty() && Files.isReadable(Path.of(folder, "elec2_data.dat.gz"))
                    ? Optional.empty()
                    : Optional.of("elec2_data.dat.gz not found in folder '" + folder + "'");
        }
    },
    LIBTORCH("nothing: Maven brings libtorch where it has native code, which is Linux on x86-64") {
        @Override
        Optional<String> whyMissing() {
            try {
                Object answer = Class.forName("io.gradstream.load.peer.Libtorch")
                        .getMethod("whyMissing")
                        .invoke(null);
                return ((Optional<?>) answer).map(String::valueOf);
            } catch (ReflectiveOperationException e) {
                return Optional.of(e.toString());
            }
        }
    };

    private final String install;

    Tool(String install) {
        this.install = install;
    }

    /** The name used as a JUnit tag and in {@code GRADSTREAM_REQUIRE}. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What to install, for a person. */
    public String install() {
        return install;
    }

    /** For suites, which {@link Needs} cannot skip: what they do without the tool must be nothing. */
    public boolean isPresent() {
        return whyMissing().isEmpty();
    }

    abstract Optional<String> whyMissing();

    private static Optional<String> succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.of(String.join(" ", command) + " did not answer");
            }
            return process.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of(String.join(" ", command) + " exited with " + process.exitValue());
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }
}
