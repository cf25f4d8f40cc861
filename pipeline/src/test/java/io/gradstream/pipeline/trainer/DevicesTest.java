package io.gradstream.pipeline.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.FreshJvm;
import io.gradstream.gpu.emulator.Emulator;
import io.gradstream.pipeline.cli.Main;
import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A process loads a driver once, so each of these opens devices in a process of its own. */
class DevicesTest {
    private static final List<String> NO_DRIVER = List.of("-Dgradstream.cuda.driver=libcuda-of-nobody.so.1");

    @Test
    void takesTheCpuWhereThereIsNoCardAndSaysWhy() throws Exception {
        assertThat(FreshJvm.run(NO_DRIVER, OpenDevice.class, "auto"))
                .isEqualTo("trains on the CPU: device=auto reason=no NVIDIA driver on this machine:"
                        + " library=libcuda-of-nobody.so.1\nauto is cpu");
    }

    @Test
    void refusesACardThatIsNotThere() throws Exception {
        assertThat(FreshJvm.run(NO_DRIVER, OpenDevice.class, "cuda"))
                .isEqualTo(
                        "configuration: training.device: must be auto or cpu on this machine, because no NVIDIA driver on this"
                                + " machine: library=libcuda-of-nobody.so.1: value=cuda:0");
    }

    @Test
    @Needs(Tool.NATIVE_TOOLCHAIN)
    void takesTheFirstCardOrTheOneThatIsAskedFor() throws Exception {
        assertThat(onEmulator(OpenDevice.class, "auto", "cuda", "cuda:1", "cpu", "cuda:2"))
                .contains("auto is cuda:0", "cuda is cuda:0", "cuda:1 is cuda:1", "cpu is cpu")
                .contains(
                        "must be auto or cpu on this machine, because there is no such card: card=2 cards=2: value=cuda:2");
    }

    @Test
    @Needs(Tool.NATIVE_TOOLCHAIN)
    void theCommandTellsWhatWasFound() throws Exception {
        assertThat(onEmulator(Main.class, "devices"))
                .contains("cpu   used for device: cpu\n", "cuda  used for device: auto and cuda\n")
                .contains("driver           for CUDA 12.0", "cuBLAS           ", "libcublas.so.12")
                .contains("card             cuda:1 Emulated card 1, 8.0 GiB, compute 9.0");
    }

    @Test
    void theCommandTellsWhyNothingWasFound() throws Exception {
        assertThat(FreshJvm.run(NO_DRIVER, Main.class, "devices"))
                .contains("cpu   used for device: auto and cpu", "cuda  not used")
                .contains("reason           no NVIDIA driver on this machine: library=libcuda-of-nobody.so.1");
    }

    private static String onEmulator(Class<?> program, String... arguments) throws IOException, InterruptedException {
        return FreshJvm.run(Emulator.flags(), program, arguments);
    }
}
