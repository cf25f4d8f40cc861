package io.gradstream.pipeline.trainer;

import io.gradstream.config.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jar of a custom model: the one file that the configuration names, links followed, and nothing that it points to. Where the
 * configuration has its hash, what is loaded is the copy whose hash was taken, so that nobody can change the file in between.
 */
final class ModelJar {
    private static final Logger log = LoggerFactory.getLogger(ModelJar.class);

    private ModelJar() {}

    /** The file to load from. */
    static Path admit(Path jar, Optional<Sha256> pin) {
        if (!Files.isRegularFile(jar)) {
            throw new IllegalArgumentException("model.jar must be a file; build your model first: jar="
                    + jar.toAbsolutePath().normalize());
        }
        try {
            Path file = jar.toRealPath();
            if (pin.isPresent()) {
                file = copyOf(file, pin.get());
            } else {
                warnIfAnybodyMayWrite(file);
            }
            refuseToBeLedElsewhere(jar, file);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("model.jar must be readable: jar=" + jar, e);
        }
    }

    private static Path copyOf(Path jar, Sha256 pin) throws IOException {
        byte[] bytes = Files.readAllBytes(jar);
        String actual = HexFormat.of().formatHex(sha256().digest(bytes));
        if (!actual.equals(pin.digits())) {
            throw new IllegalArgumentException(
                    "model.jar must have the hash of model.sha256: jar=" + jar + " sha256=" + actual);
        }
        Path copy = Files.createTempFile("gradstream-model", ".jar");
        copy.toFile().deleteOnExit();
        Files.write(copy, bytes);
        return copy;
    }

    private static void warnIfAnybodyMayWrite(Path jar) throws IOException {
        PosixFileAttributeView posix = Files.getFileAttributeView(jar, PosixFileAttributeView.class);
        if (posix != null && posix.readAttributes().permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
            log.warn("anybody on this machine may change the code of the model, see model.sha256: jar={}", jar);
        }
    }

    /** A class loader would follow the jar's own list of other jars, which may lie anywhere. */
    private static void refuseToBeLedElsewhere(Path named, Path file) throws IOException {
        try (JarFile opened = new JarFile(file.toFile())) {
            Manifest manifest = opened.getManifest();
            if (manifest != null && manifest.getMainAttributes().containsKey(Attributes.Name.CLASS_PATH)) {
                throw new IllegalArgumentException(
                        "model.jar must hold everything itself, its manifest names other jars: jar=" + named
                                + " class-path=" + manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH));
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM must have SHA-256", e);
        }
    }
}
