package io.gradstream.gpu.emulator;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.gpu.CudaLibraries;
import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.io.IOException;
import jcuda.CudaException;
import jcuda.driver.CUstream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test of the emulator by the functions of the driver; whatever it opens must be closed when it ends. */
@Needs(Tool.NATIVE_TOOLCHAIN)
abstract class EmulatedTest {
    final Emulator emulator;
    private final LeakCheck leaks;
    final SampleCard card;
    final CUstream stream;

    EmulatedTest() throws IOException {
        emulator = Emulator.load();
        CudaLibraries.load();
        leaks = LeakCheck.begin();
        card = new SampleCard(0);
        stream = card.stream();
    }

    @BeforeEach
    void begin() {
        emulator.forgetFailures();
    }

    @AfterEach
    void end() {
        emulator.forgetFailures();
        emulator.set(Setting.SEED, 0);
        card.close();
        leaks.end();
    }

    static void assertFails(String code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(CudaException.class).hasMessageContaining(code);
    }
}
