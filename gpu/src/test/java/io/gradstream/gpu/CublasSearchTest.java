package io.gradstream.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CublasSearchTest {
    @TempDir
    private Path root;

    @Test
    void prefersTheFolderTheUserNamed() throws IOException {
        Path named = library("opt/mine/libcublas.so.12");
        library("usr/local/cuda-13.0/lib64/libcublas.so.13");

        assertThat(search(Map.of("LD_LIBRARY_PATH", root + ":" + named.getParent())))
                .isEqualTo(new Cublas.Found(named));
    }

    @Test
    void findsTheNewestToolkit() throws IOException {
        library("usr/local/cuda-12.6/lib64/libcublas.so.12");
        Path newest = library("usr/local/cuda-13.0/lib64/libcublas.so.13");

        assertThat(search(Map.of())).isEqualTo(new Cublas.Found(newest));
    }

    @Test
    void findsTheToolkitThroughASymbolicLink() throws IOException {
        library("opt/toolkit/targets/libcublas.so.13");
        Files.createDirectories(root.resolve("usr/local/cuda"));
        Files.createSymbolicLink(root.resolve("usr/local/cuda/lib64"), root.resolve("opt/toolkit/targets"));

        assertThat(search(Map.of())).isEqualTo(new Cublas.Found(root.resolve("usr/local/cuda/lib64/libcublas.so.13")));
    }

    @Test
    void findsThePackageOfAPythonEnvironment() throws IOException {
        Path packaged = library("venv/lib/python3.12/site-packages/nvidia/cu13/lib/libcublas.so.13");

        assertThat(search(Map.of("VIRTUAL_ENV", root.resolve("venv").toString())))
                .isEqualTo(new Cublas.Found(packaged));
    }

    @Test
    void ignoresItsLightSister() throws IOException {
        library("usr/lib64/libcublasLt.so.13");

        assertThat(search(Map.of()).describe()).startsWith("cuBLAS not found: install");
    }

    @Test
    void reportsANamedFileThatIsNotThere() {
        CublasSearch search = new CublasSearch(Optional.of(root.resolve("gone.so")), List.of(root));

        assertThat(search.search().describe())
                .isEqualTo("no such cuBLAS library: gradstream.cuda.cublas=" + root.resolve("gone.so"));
    }

    private Cublas search(Map<String, String> environment) {
        return new CublasSearch(Optional.empty(), CublasSearch.usualFolders(environment, root)).search();
    }

    private Path library(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.createFile(file);
    }
}
