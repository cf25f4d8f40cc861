package io.gradstream.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradstream.config.Configuration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A name for this instance that no other running one has and that it has again after a restart: host and checkpoint directory, as long as
 * a lock on that directory is held. The operating system lets go of the lock however the process ends.
 */
final class InstanceLock implements AutoCloseable {
    private static final String FILE = ".lock";

    private final @Nullable String id;
    private final FileChannel channel;

    private InstanceLock(@Nullable String id, FileChannel channel) {
        this.id = id;
        this.channel = channel;
    }

    /** Takes the lock, or goes without a name where another process has it. */
    static InstanceLock of(Configuration configuration) {
        Path directory = configuration.checkpoint().directory();
        try {
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            return new InstanceLock(locked(channel) ? name(configuration.name(), directory) : null, channel);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the checkpoint directory must be one that can be written: checkpoint.directory=" + directory, e);
        }
    }

    /** The name, or null if there is none. */
    @Nullable
    String id() {
        return id;
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException inThisProcess) {
            return false;
        }
    }

    private static String name(String model, Path directory) throws IOException {
        String place = host() + ":" + directory.toRealPath();
        return model + "-" + UUID.nameUUIDFromBytes(place.getBytes(UTF_8));
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
