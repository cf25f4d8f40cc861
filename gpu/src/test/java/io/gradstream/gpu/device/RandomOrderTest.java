package io.gradstream.gpu.device;

import io.gradstream.gpu.emulator.Emulator;
import io.gradstream.gpu.emulator.Setting;
import org.junit.platform.suite.api.AfterSuite;
import org.junit.platform.suite.api.BeforeSuite;
import org.junit.platform.suite.api.SelectMethod;
import org.junit.platform.suite.api.Suite;

/** Every operation at each of its samples and every gradient once more, with blocks and threads in a random order: what races shows. */
@Suite
@SelectMethod("io.gradstream.autodiff.check.OpRulesTest#devicesComputeWhatTheReferenceComputes")
@SelectMethod("io.gradstream.autodiff.check.OpRulesTest#devicesDeriveWhatTheReferenceDerives")
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
        if (TestCard.isEmulated()) {
            Emulator.load().set(Setting.SEED, seed);
        }
    }
}
