package io.gradstream.gpu.device;

import io.gradstream.gpu.emulator.Emulator;
import io.gradstream.gpu.emulator.Setting;
import io.gradstream.testing.Tool;
import org.junit.platform.suite.api.AfterSuite;
import org.junit.platform.suite.api.BeforeSuite;
import org.junit.platform.suite.api.SelectMethod;
import org.junit.platform.suite.api.Suite;

/** Every operation at each of its samples once more, with blocks, threads and the nodes of graphs in a random order: what races shows. */
@Suite
@SelectMethod("io.gradstream.autodiff.check.OpRulesTest#devicesComputeWhatTheReferenceComputes")
class RandomOrderTest {
    private static final long SEED = 20261122;

    @BeforeSuite
    static void shuffle() {
        set(SEED);
    }

    @AfterSuite
    static void order() {
        set(0);
    }

    private static void set(long seed) {
        if (Tool.NATIVE_TOOLCHAIN.isPresent()) {
            Emulator.load().set(Setting.SEED, seed);
        }
    }
}
