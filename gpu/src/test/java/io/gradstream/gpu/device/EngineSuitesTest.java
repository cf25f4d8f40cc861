package io.gradstream.gpu.device;

import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.SelectMethod;
import org.junit.platform.suite.api.Suite;

/** What the engine demands of every device, demanded of this one: each operation at each of its samples, plans, fusion, awkward operands. */
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
        })
class EngineSuitesTest {}
