package io.gradstream.autodiff.device.cpu;

/**
 * What does the arithmetic of a CPU device, and why nothing faster does.
 *
 * @param matrixProducts the library or code behind matrix products, with its version and instruction set
 * @param elementwise the code behind everything else
 * @param whyNoOneDnn why oneDNN cannot be had, or empty
 * @param whyNoVectors why the Vector API cannot be had, or empty
 */
public record CpuFacts(String matrixProducts, String elementwise, String whyNoOneDnn, String whyNoVectors) {}
