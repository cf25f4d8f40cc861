package io.gradstream.autodiff.device.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A private directory in which native libraries from a jar lie unpacked, shared by all JVMs of one user.
 *
 * <p>The directory is named after the checksum and size of every library in it, as the jar's own table of contents states them, so that
 * a start does not have to read what it already has. A library appears under its name only when it is complete: it is written beside and
 * renamed, which many JVMs may do at once.
 */
record NativeCache(Path base) {
    /** The system property that names another base directory. */
    static final String DIRECTORY = "gradstream.native.directory";

    private record Library(String name, URL url, long checksum, long size) {}

    /** The cache of this user, or a new private directory when the user has no place to keep one. */
    static NativeCache ofThisUser() throws IOException {
        String chosen = System.getProperty(DIRECTORY);
        if (chosen != null) {
            return new NativeCache(privateDirectory(Path.of(chosen)));
        }
        try {
            return new NativeCache(
                    privateDirectory(userCache().resolve("gradstream").resolve("native")));
        } catch (IOException | SecurityException _) {
            Path temporary = Files.createTempDirectory("gradstream-native-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteTree(temporary)));
            return new NativeCache(temporary);
        }
    }

    /** Unpacks all libraries of a class path folder, except those named as JNI wrappers, and returns their paths. */
    List<Path> unpack(ClassLoader loader, String folder) throws IOException {
        List<Library> libraries = libraries(loader, folder);
        Path directory = privateDirectory(base.resolve(key(libraries)));
        List<Path> paths = new ArrayList<>();
        for (Library library : libraries) {
            paths.add(unpack(library, directory.resolve(library.name)));
        }
        return List.copyOf(paths);
    }

    private static Path unpack(Library library, Path target) throws IOException {
        if (Files.isRegularFile(target) && Files.size(target) == library.size) {
            return target;
        }
        Path partial = Files.createTempFile(target.getParent(), library.name, ".part");
        try (InputStream in = library.url.openStream()) {
            Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
            try {
                Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException | java.nio.file.AccessDeniedException e) {
                if (!Files.isRegularFile(target) || Files.size(target) != library.size) {
                    throw e;
                }
            }
        } finally {
            Files.deleteIfExists(partial);
        }
        return target;
    }

    private static List<Library> libraries(ClassLoader loader, String folder) throws IOException {
        URL anchor = loader.getResource(folder + "/");
        if (anchor == null) {
            return List.of();
        }
        return anchor.openConnection() instanceof JarURLConnection jar
                ? inJar(jar.getJarFile(), loader, folder)
                : inDirectory(anchor, loader, folder);
    }

    private static List<Library> inJar(JarFile jar, ClassLoader loader, String folder) {
        List<Library> libraries = new ArrayList<>();
        for (JarEntry entry : jar.stream().toList()) {
            String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
            URL url = isLibrary(name) && entry.getName().equals(folder + "/" + name)
                    ? loader.getResource(entry.getName())
                    : null;
            if (url != null) {
                libraries.add(new Library(name, url, entry.getCrc(), entry.getSize()));
            }
        }
        return libraries;
    }

    private static List<Library> inDirectory(URL anchor, ClassLoader loader, String folder) throws IOException {
        List<Library> libraries = new ArrayList<>();
        try (var files = Files.list(Path.of(java.net.URI.create(anchor.toString())))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                URL url = isLibrary(name) ? loader.getResource(folder + "/" + name) : null;
                if (url != null) {
                    CRC32 checksum = new CRC32();
                    checksum.update(Files.readAllBytes(file));
                    libraries.add(new Library(name, url, checksum.getValue(), Files.size(file)));
                }
            }
        }
        return libraries;
    }

    private static boolean isLibrary(String name) {
        boolean binary = name.contains(".so") || name.endsWith(".dylib") || name.endsWith(".dll");
        return binary && !name.startsWith("libjni") && !name.startsWith("jni");
    }

    private static String key(List<Library> libraries) {
        StringBuilder key = new StringBuilder();
        for (Library library : libraries) {
            key.append(key.isEmpty() ? "" : "-")
                    .append(String.format(Locale.ROOT, "%08x%x", library.checksum, library.size));
        }
        return key.toString();
    }

    private static Path userCache() {
        String home = System.getProperty("user.home", "");
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.contains("windows")) {
            return Path.of(environment("LOCALAPPDATA", home));
        }
        return system.contains("mac")
                ? Path.of(home, "Library", "Caches")
                : Path.of(environment("XDG_CACHE_HOME", home + "/.cache"));
    }

    private static String environment(String name, String otherwise) {
        @Nullable String value = System.getenv(name);
        return value == null || value.isBlank() ? otherwise : value;
    }

    private static Path privateDirectory(Path directory) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] owner = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
        Files.createDirectories(directory, owner);
        if (!Files.isWritable(directory)) {
            throw new IOException("native library directory must be writable: directory=" + directory);
        }
        return directory;
    }

    private static void deleteTree(Path directory) {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException _) {
            // the system's own cleaning of its temporary directory takes what is left
        }
    }
}
