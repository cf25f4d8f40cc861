package io.gradstream.gpu.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.gpu.CudaLibraries;
import io.gradstream.gpu.emulator.Emulator;
import io.gradstream.gpu.emulator.LeakCheck;
import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelParametersTest {

    @Test
    void countsTheBytesOfEachParameter() {
        Map<String, List<Long>> kernels = KernelParameters.parse("""
                .visible .entry scale(
                	.param .u64 .ptr .align 1 scale_param_0,
                	.param .f64 scale_param_1,
                	.param .align 8 .b8 scale_param_2[72],
                	.param .u8 scale_param_3
                )
                .maxntid 256, 1, 1
                { ret; }
                .visible .entry nothing() { ret; }
                """);

        assertThat(kernels).containsOnly(Map.entry("scale", List.of(8L, 8L, 72L, 1L)), Map.entry("nothing", List.of()));
    }

    @Test
    @Needs(Tool.NATIVE_TOOLCHAIN)
    void argumentsOfOtherSizesAreRefused() {
        Emulator.load();
        CudaLibraries.load();
        LeakCheck leaks = LeakCheck.begin();
        try (Card _ = Card.open(0);
                Kernels kernels = new Kernels();
                Arena arena = Arena.ofConfined()) {
            Arguments wrong = new Arguments(arena).address(0).number(1);

            assertThatThrownBy(() -> new Launch(kernels, "elementwise", "exp_f32", Grid.one(), wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "arguments must have the sizes of the kernel's parameters: kernel=exp_f32 arguments=[8, 4]"
                                    + " parameters=[8, 8, 8, 8, 8]");
        }
        leaks.end();
    }
}
