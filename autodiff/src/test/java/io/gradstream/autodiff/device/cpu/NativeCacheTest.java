package io.gradstream.autodiff.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCacheTest {
    private static final String FOLDER = "org/example/linux";

    @TempDir
    Path directory;

    @Test
    void unpacksLibrariesButNotTheirJniWrappers() throws Exception {
        try (URLClassLoader loader = jar("libone.so.3", "libjnione.so", "readme.txt")) {
            List<Path> paths = new NativeCache(directory).unpack(loader, FOLDER);
            assertThat(paths).extracting(path -> path.getFileName().toString()).containsExactly("libone.so.3");
            assertThat(paths.getFirst()).hasContent("content of libone.so.3");
        }
    }

    @Test
    void unpacksOnceForManyWhoStartTogether() throws Exception {
        try (URLClassLoader loader = jar("libone.so.3", "libtwo.so");
                var threads = Executors.newFixedThreadPool(8)) {
            List<Future<List<Path>>> all = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                all.add(threads.submit(() -> new NativeCache(directory).unpack(loader, FOLDER)));
            }
            for (Future<List<Path>> each : all) {
                assertThat(each.get())
                        .isEqualTo(all.getFirst().get())
                        .allSatisfy(path -> assertThat(path).isNotEmptyFile());
            }
            try (var files = Files.walk(directory)) {
                assertThat(files.filter(Files::isRegularFile)).hasSize(2);
            }
        }
    }

    @Test
    void keepsWhatIsWholeAndReplacesWhatIsCut() throws Exception {
        try (URLClassLoader loader = jar("libone.so.3")) {
            NativeCache cache = new NativeCache(directory);
            Path library = cache.unpack(loader, FOLDER).getFirst();
            FileTime old = FileTime.fromMillis(1_000_000);
            Files.setLastModifiedTime(library, old);
            cache.unpack(loader, FOLDER);
            assertThat(Files.getLastModifiedTime(library)).isEqualTo(old);
            Files.writeString(library, "cont");
            cache.unpack(loader, FOLDER);
            assertThat(library).hasContent("content of libone.so.3");
        }
    }

    @Test
    void keepsOtherContentInAnotherPlace() throws Exception {
        try (URLClassLoader one = jar("libone.so.3");
                URLClassLoader other = jar("libone.so.4")) {
            NativeCache cache = new NativeCache(directory);
            assertThat(cache.unpack(one, FOLDER).getFirst().getParent())
                    .isNotEqualTo(cache.unpack(other, FOLDER).getFirst().getParent());
        }
    }

    @Test
    void findsNothingOnAnUnknownPlatform() throws Exception {
        try (URLClassLoader loader = jar("libone.so.3")) {
            assertThat(new NativeCache(directory).unpack(loader, "org/example/plan9"))
                    .isEmpty();
        }
    }

    private URLClassLoader jar(String... names) throws IOException {
        Path jar = Files.createTempFile(Files.createTempDirectory("native-cache-test-"), "natives", ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry(FOLDER + "/"));
            for (String name : names) {
                out.putNextEntry(new JarEntry(FOLDER + "/" + name));
                out.write(("content of " + name).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        return new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
    }
}
