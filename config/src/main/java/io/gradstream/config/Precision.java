package io.gradstream.config;

/** The number format of the matrix products; weights and sums stay in fp32. */
public enum Precision {
    FP32,
    BF16,
    FP16
}
