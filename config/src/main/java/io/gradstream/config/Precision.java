package io.gradstream.config;

/** The number format of the matrix products; weights and sums stay in fp32. */
public enum Precision {
    FP32,
    /** As fp32, but that a card rounds the operands of products to 11 significant bits; a CPU does not. */
    TF32,
    BF16,
    FP16
}
