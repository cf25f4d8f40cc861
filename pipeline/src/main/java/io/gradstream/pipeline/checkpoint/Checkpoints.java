package io.gradstream.pipeline.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.gradstream.connectors.topic.MalformedException;
import io.gradstream.connectors.topic.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of checkpoints.
 *
 * <pre>
 * 000000001000.safetensors   parameters, moments, statistics       written first, synced, renamed into place
 * 000000001000.json          step, version, offsets, checksum      written last: now the checkpoint exists
 * </pre>
 *
 * Neither file is ever changed. One that is torn or whose checksum is wrong is passed over for the one before.
 */
public final class Checkpoints {
    private static final Logger log = LoggerFactory.getLogger(Checkpoints.class);
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final DateTimeFormatter LEFT_AT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    /** As many states as may be on their way to the disk: one that is written, one that waits, and one before them that gave way. */
    private static final int HELD = 3;

    private static final Pattern MANIFEST = Pattern.compile("\\d{12,}\\.json");
    private static final Pattern TENSORS = Pattern.compile("\\d{12,}\\.safetensors");
    private static final Pattern UNFINISHED = Pattern.compile("\\d{12,}\\.(json|safetensors)\\.tmp");

    private final Path directory;
    private final int keep;
    /** Newest first. */
    private final Deque<TrainerState> held = new ConcurrentLinkedDeque<>();

    private boolean tidy;

    public Checkpoints(Path directory, int keep) {
        this.directory = directory;
        this.keep = keep;
    }

    /**
     * Takes a state that somebody is going to write: from now on it is among those that {@link #newest} finds, however far the disk has
     * come. Only the newest few are held.
     */
    public void hold(TrainerState state) {
        held.removeIf(each -> each.step() == state.step());
        held.addFirst(state);
        while (held.size() > HELD) {
            held.removeLast();
        }
    }

    /** Writes a state so that it is there whole, whatever happens, when this returns; then forgets the oldest ones. */
    public void write(TrainerState state) {
        String stem = stem(state.step());
        try {
            Files.createDirectories(directory);
            byte[] tensors = Safetensors.encode(StateTensors.of(state), Map.of("format", "gradstream-checkpoint"));
            CheckpointManifest manifest = CheckpointManifest.of(state, stem + ".safetensors", Hashes.sha256(tensors));
            put(manifest.tensors(), tensors);
            put(stem + ".json", JSON.writeValueAsBytes(manifest));
            held.removeIf(each -> each.step() == state.step());
            forgetOld();
            forgetLeftOvers();
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoint cannot be written: directory=" + directory, e);
        }
    }

    /** The newest state that is whole, written or held. */
    public Optional<TrainerState> newest() {
        return newest(_ -> true);
    }

    /** The newest state that is whole and wanted. */
    public Optional<TrainerState> newest(Predicate<TrainerState> wanted) {
        List<Path> written = manifests();
        NavigableMap<Long, Supplier<Optional<TrainerState>>> all = new TreeMap<>(Comparator.reverseOrder());
        written.forEach(manifest -> all.put(stepOf(manifest), () -> whole(manifest)));
        held.forEach(state -> all.put(state.step(), () -> Optional.of(state)));
        return all.values().stream()
                .limit(Math.max(keep, written.size()))
                .flatMap(state -> state.get().stream())
                .filter(wanted)
                .findFirst();
    }

    /** Whether there is a whole state of this step. */
    public boolean has(long step) {
        return newest(state -> state.step() == step).isPresent();
    }

    /**
     * The newest state that is whole and belongs to a history. Those before which it comes are of another one or torn; they are put
     * aside, into a directory of their own, so that the checkpoints to come are the newest.
     */
    public Optional<TrainerState> adopt(Predicate<TrainerState> belongs) {
        List<Path> others = new ArrayList<>();
        Optional<TrainerState> adopted = Optional.empty();
        for (Path manifest : manifests()) {
            adopted = whole(manifest).filter(belongs);
            if (adopted.isPresent()) {
                break;
            }
            others.add(manifest);
        }
        others.removeIf(this::forgottenAsABeginning);
        if (!others.isEmpty()) {
            putAside(others);
        }
        return adopted;
    }

    /** A state in which nothing was learned yet is not worth keeping. */
    private boolean forgottenAsABeginning(Path manifest) {
        if (!manifest.getFileName().toString().equals(stem(0) + ".json")) {
            return false;
        }
        try {
            forget(manifest);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoint cannot be removed: file=" + manifest, e);
        }
    }

    private void putAside(List<Path> manifests) {
        Path aside = directory.resolve("left-" + LEFT_AT.format(Instant.now()));
        log.warn(
                "checkpoints are put aside because they are not of the history on the weights topic: newest={} count={} to={}",
                manifests.getFirst().getFileName(),
                manifests.size(),
                aside);
        try {
            Files.createDirectories(aside);
            for (Path manifest : manifests) {
                Files.move(manifest, aside.resolve(manifest.getFileName()));
                Path tensors = tensorsOf(manifest);
                if (Files.exists(tensors)) {
                    Files.move(tensors, aside.resolve(tensors.getFileName()));
                }
            }
            syncDirectory();
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoints cannot be put aside: directory=" + directory, e);
        }
    }

    private Path tensorsOf(Path manifest) {
        return directory.resolve(manifest.getFileName().toString().replace(".json", ".safetensors"));
    }

    private Optional<TrainerState> whole(Path manifest) {
        try {
            return Optional.of(read(manifest));
        } catch (IOException | MalformedException e) {
            log.warn("checkpoint is passed over: file={} reason={}", manifest, e.getMessage());
            return Optional.empty();
        }
    }

    private TrainerState read(Path file) throws IOException {
        CheckpointManifest manifest = CheckpointManifest.parse(Files.readAllBytes(file));
        Path name = Path.of(manifest.tensors()).getFileName();
        byte[] tensors = Files.readAllBytes(directory.resolve(name));
        if (!Hashes.sha256(tensors).equals(manifest.sha256())) {
            throw new MalformedException("checksum is wrong: file=" + name);
        }
        return StateTensors.state(manifest, Safetensors.decode(tensors).tensors());
    }

    /** Newest first. */
    private List<Path> manifests() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file ->
                            MANIFEST.matcher(file.getFileName().toString()).matches())
                    .sorted(Comparator.comparing(Path::getFileName).reversed())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoints cannot be listed: directory=" + directory, e);
        }
    }

    private void forgetOld() throws IOException {
        for (Path manifest : manifests().stream().skip(keep).toList()) {
            forget(manifest);
        }
    }

    private void forget(Path manifest) throws IOException {
        Files.deleteIfExists(manifest);
        Files.deleteIfExists(tensorsOf(manifest));
    }

    private static String stem(long step) {
        return "%012d".formatted(step);
    }

    private static long stepOf(Path manifest) {
        return Long.parseLong(manifest.getFileName().toString().replace(".json", ""));
    }

    private void forgetLeftOvers() throws IOException {
        if (tidy) {
            return;
        }
        tidy = true;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Checkpoints::isLeftOver).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** What a process that was killed in the middle of writing has left behind. */
    private static boolean isLeftOver(Path file) {
        String name = file.getFileName().toString();
        return UNFINISHED.matcher(name).matches()
                || (TENSORS.matcher(name).matches()
                        && !Files.exists(file.resolveSibling(name.replace(".safetensors", ".json"))));
    }

    private void put(String name, byte[] bytes) throws IOException {
        Path temporary = directory.resolve(name + ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ByteBuffer left = ByteBuffer.wrap(bytes);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
                channel.force(true);
            }
            Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // On a disk that is full, half a file would keep it so.
            Files.deleteIfExists(temporary);
            throw e;
        }
        syncDirectory();
    }

    private void syncDirectory() throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
