package io.gradstream.gpu.device;

import io.gradstream.gpu.emulator.LeakCheck;
import org.jspecify.annotations.Nullable;
import org.junit.platform.suite.api.AfterSuite;
import org.junit.platform.suite.api.BeforeSuite;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.SelectMethod;
import org.junit.platform.suite.api.Suite;

/** What the engine demands of every device, demanded of this one: each operation at each of its samples, plans, fusion, awkward operands, and training steps
 * with everything that they promise. When all are through, nothing is left open on an emulated card. */
@Suite
@SelectMethod("io.gradstream.autodiff.check.OpRulesTest#devicesComputeWhatTheReferenceComputes")
@SelectMethod("io.gradstream.autodiff.check.OpRulesTest#devicesDeriveWhatTheReferenceDerives")
@SelectClasses(
        names = {
            "io.gradstream.autodiff.check.AwkwardTest",
            "io.gradstream.autodiff.check.ExtremeLogitsTest",
            "io.gradstream.autodiff.check.GoldenTest",
            "io.gradstream.autodiff.op.ActivationBoundsTest",
            "io.gradstream.autodiff.op.AttentionTest",
            "io.gradstream.autodiff.op.BoundsTest",
            "io.gradstream.autodiff.op.StochasticTest",
            "io.gradstream.autodiff.plan.EagerAndPlanTest",
            "io.gradstream.autodiff.plan.FusionTest",
            "io.gradstream.autodiff.plan.PlanTest",
            "io.gradstream.autodiff.plan.RoundingTest",
            "io.gradstream.autodiff.step.AdaptersTest",
            "io.gradstream.autodiff.step.AverageTest",
            "io.gradstream.autodiff.step.BagRoomTest",
            "io.gradstream.autodiff.step.BlameTest",
            "io.gradstream.autodiff.step.ClipTest",
            "io.gradstream.autodiff.step.CustomModelTest",
            "io.gradstream.autodiff.step.FailedBuildTest",
            "io.gradstream.autodiff.step.GradientNoiseTest",
            "io.gradstream.autodiff.step.HealthTest",
            "io.gradstream.autodiff.step.LearningWatchTest",
            "io.gradstream.autodiff.step.LossScaleTest",
            "io.gradstream.autodiff.step.ParameterGroupTest",
            "io.gradstream.autodiff.step.ParameterStoreTest",
            "io.gradstream.autodiff.step.PredictionsTest",
            "io.gradstream.autodiff.step.ReinitializeTest",
            "io.gradstream.autodiff.step.RestoreTest",
            "io.gradstream.autodiff.step.RowLearningTest",
            "io.gradstream.autodiff.step.SnapshotRingTest",
            "io.gradstream.autodiff.step.StepsAheadTest",
            "io.gradstream.autodiff.step.TablesTest",
            "io.gradstream.autodiff.step.TrainingStepTest",
            "io.gradstream.autodiff.step.UndoTest",
        })
class EngineSuitesTest {
    private static @Nullable LeakCheck leaks;

    @BeforeSuite
    static void begin() {
        if (TestCard.isEmulated()) {
            leaks = LeakCheck.begin();
        }
    }

    @AfterSuite
    static void end() {
        if (leaks != null) {
            leaks.end();
        }
    }
}
