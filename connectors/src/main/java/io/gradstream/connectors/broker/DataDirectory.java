package io.gradstream.connectors.broker;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the nodes keep their logs; a temporary one vanishes when closed. */
final class DataDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long ROOMY = 1L << 30;

    private final Path root;
    private final boolean temporary;

    private DataDirectory(Path root, boolean temporary) {
        this.root = root;
        this.temporary = temporary;
    }

    static DataDirectory kept(Path root) {
        return new DataDirectory(root.toAbsolutePath(), false);
    }

    /** In memory where the machine has room for it there: a broker writes several times faster. */
    static DataDirectory temporary() {
        try {
            return new DataDirectory(
                    inMemory()
                            ? Files.createTempDirectory(MEMORY, "gradstream-broker-")
                            : Files.createTempDirectory("gradstream-broker-"),
                    true);
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary directory for the broker", e);
        }
    }

    private static boolean inMemory() throws IOException {
        return Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() >= ROOMY;
    }

    Path root() {
        return root;
    }

    Path node(int index) {
        return root.resolve("node-" + (index + 1));
    }

    /** The cluster that wrote what is here. */
    Optional<String> clusterId() {
        Properties meta = new Properties();
        try (Reader reader = Files.newBufferedReader(node(0).resolve("meta.properties"))) {
            meta.load(reader);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("the broker's directory must be readable: directory=" + root, e);
        }
        return Optional.ofNullable(meta.getProperty("cluster.id"));
    }

    @Override
    public void close() {
        if (!temporary) {
            return;
        }
        try {
            Files.walkFileTree(root, new Removal());
        } catch (IOException e) {
            LOG.warn("a temporary directory stays behind: directory={}", root, e);
        }
    }

    private static final class Removal extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException fault) throws IOException {
            if (fault instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw fault;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException fault) throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
