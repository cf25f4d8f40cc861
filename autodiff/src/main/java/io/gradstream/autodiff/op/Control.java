package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;

/**
 * The slots of the control block: the scalars of the training step, F64, in the device's memory, so that a step never asks
 * the host anything. The host writes {@link #LEARNING_RATE} and the initial values, and reads the rest after the step.
 */
public enum Control {
    /** The learning rate of the next step. */
    LEARNING_RATE,
    /** How many steps the optimizer has taken; a skipped step does not count. */
    STEP_COUNT,
    /** How many steps were skipped because a gradient or the loss was not finite. */
    SKIPPED_STEPS,
    /** What the loss is multiplied by before backward. */
    LOSS_SCALE,
    /** Steps since the loss scale last changed. */
    GROWTH_TRACKER,
    /** Σ w of the rows accumulated since the last step. */
    TOTAL_WEIGHT,
    /** Σ w·loss of the rows accumulated since the last step. */
    TOTAL_LOSS,
    /** Σ w of the rows of the last step. */
    STEP_WEIGHT,
    /** The weighted mean loss of the last step. */
    STEP_LOSS,
    /** The loss scale under which the last step's gradients were accumulated. */
    STEP_SCALE,
    /** 1 when a gradient or the loss of the last step is not finite, else 0. */
    FOUND_INF,
    /** What accumulated gradients are multiplied by to be the gradients of {@link #STEP_LOSS}. */
    UNSCALE,
    /** The squared global norm of the last step's gradients, unscaled, before clipping. */
    SQUARED_NORM,
    /** min(1, max/(norm + 1e-6)) of the last step. */
    CLIP_COEFFICIENT,
    /** UNSCALE·CLIP_COEFFICIENT: what the optimizer multiplies accumulated gradients by; 0 when the step is skipped. */
    GRADIENT_FACTOR,
    /** How many micro-batches were ever counted: what random operations draw by. */
    MICRO_BATCHES;

    private static final TensorType BLOCK = TensorType.of(DType.F64, values().length);

    /** The index of this slot in the control block. */
    @SuppressWarnings("EnumOrdinal") // the order of the slots is what this enum defines
    public int slot() {
        return ordinal();
    }

    /** The type of a control block. */
    public static TensorType block() {
        return BLOCK;
    }
}
