package io.gradstream.autodiff.op;

/** A function of whole rows: of the elements along the last axis together. */
public sealed interface Rowwise extends Kernel, Differentiable
        permits Softmax, LogSoftmax, SoftmaxCrossEntropy, OneHot, Standardize, InverseDeviation, Deflate, Visibility {}
