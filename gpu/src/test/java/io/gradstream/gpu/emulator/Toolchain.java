package io.gradstream.gpu.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The C++ compiler, which makes nothing twice: what it made is named after the hash of what it was made from. */
record Toolchain(Path made) {

    /** The object of a text in C++ that includes files whose contents the fingerprint stands for. */
    Path object(String text, String fingerprint, List<String> flags) {
        Path object = made.resolve(hash(text, fingerprint, flags.toString()) + ".o");
        return make(object, partial -> {
            Path source = partial.resolveSibling(partial.getFileName() + ".cpp");
            Files.writeString(source, text);
            List<String> command = new ArrayList<>(List.of("g++", "-c", source.toString(), "-o", partial.toString()));
            command.addAll(flags);
            run(command);
            Files.delete(source);
        });
    }

    Path library(Path library, List<Path> objects, List<String> flags) {
        return make(library, partial -> {
            List<String> command = new ArrayList<>(List.of("g++", "-shared", "-o", partial.toString()));
            objects.forEach(object -> command.add(object.toString()));
            command.addAll(flags);
            run(command);
        });
    }

    private interface Maker {
        void make(Path partial) throws IOException, InterruptedException;
    }

    /** Makes a file under another name first: other processes may be making the same. */
    private static Path make(Path file, Maker maker) {
        if (Files.exists(file)) {
            return file;
        }
        try {
            Files.createDirectories(file.getParent());
            Path partial = file.resolveSibling(
                    file.getFileName() + "." + ProcessHandle.current().pid());
            maker.make(partial);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the emulator is built", e);
        }
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (compiler.waitFor() != 0) {
            throw new IllegalStateException(
                    "the emulator must compile: command=" + String.join(" ", command) + "\n" + output);
        }
    }

    static String hash(String... texts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String text : texts) {
                digest.update(text.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 10);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
