package io.gradstream.autodiff.step;

/** The element type of the operands of matrix products; everything else is F32 always. */
public enum Precision {
    FP32,
    BF16,
    FP16
}
