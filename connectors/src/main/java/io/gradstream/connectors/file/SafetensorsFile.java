package io.gradstream.connectors.file;

import io.gradstream.connectors.topic.MalformedException;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.Safetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Safetensors in a file: what a model starts from, and what it is exported to. */
public final class SafetensorsFile {
    private SafetensorsFile() {}

    /** Reads all tensors of a file into memory. */
    public static Safetensors.Content read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            ByteBuffer start = bytes(channel, 0, Math.min(size, Long.BYTES));
            int length = Safetensors.headerLength(start, size);
            long data = Long.BYTES + (long) length;
            Safetensors.Header header = Safetensors.parseHeader(text(bytes(channel, Long.BYTES, length)), size - data);
            List<NamedTensor> tensors = new ArrayList<>();
            for (Safetensors.Entry entry : header.entries()) {
                ByteBuffer elements = bytes(channel, data + entry.begin(), entry.end() - entry.begin());
                tensors.add(new NamedTensor(entry.name(), entry.dtype(), entry.shape(), elements));
            }
            return new Safetensors.Content(tensors, header.metadata());
        } catch (MalformedException e) {
            throw new MalformedException(e.getMessage() + " file=" + file, e);
        }
    }

    /** Writes a file that is there whole or not at all. */
    public static void write(Path file, List<NamedTensor> tensors, Map<String, String> metadata) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Path unfinished = Files.createTempFile(directory, file.getFileName().toString(), ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                byte[] header = Safetensors.header(tensors, metadata);
                ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                writeAll(channel, length.putLong(header.length).flip());
                writeAll(channel, ByteBuffer.wrap(header));
                for (NamedTensor tensor : tensors) {
                    writeAll(channel, tensor.bytes());
                }
                channel.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static ByteBuffer bytes(FileChannel channel, long from, long length) throws IOException {
        if (length > Integer.MAX_VALUE - 8) {
            throw new MalformedException("a tensor must stay below two gibibytes: bytes=" + length);
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new MalformedException("file must not shrink while it is read: bytes=" + channel.size());
            }
        }
        return bytes.flip();
    }

    private static byte[] text(ByteBuffer bytes) {
        byte[] text = new byte[bytes.remaining()];
        bytes.get(text);
        return text;
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
