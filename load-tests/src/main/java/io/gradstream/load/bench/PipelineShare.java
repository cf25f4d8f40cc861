package io.gradstream.load.bench;

/**
 * The pipeline's rows per second beside the two ceilings it cannot pass: polling and decoding alone, and the training
 * step alone.
 */
record PipelineShare(String model, double pollAndDecode, double step, double pipeline) {
    double ceiling() {
        return Math.min(pollAndDecode, step);
    }

    double share() {
        return pipeline / ceiling();
    }
}
