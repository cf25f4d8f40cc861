package io.gradstream.autodiff.op;

import java.util.List;

/**
 * An optimizer whose rule looks at one element at a time: its parameter, its gradient and its moments, which lie in blocks like the
 * parameters'. Such a rule can be applied to any selection of elements, as to the touched rows of a table.
 */
public sealed interface ElementwiseUpdate extends OptimizerUpdate
        permits AdagradUpdate, AdamUpdate, FtrlUpdate, LionUpdate, RmspropUpdate, SgdUpdate {

    /** The rule in double, for one user at a time: what every device's kernel is held to. */
    ElementRule rule();

    @Override
    default UpdateWalk walk(List<? extends Elements> operands) {
        return new ElementwiseWalk(this, operands);
    }
}
