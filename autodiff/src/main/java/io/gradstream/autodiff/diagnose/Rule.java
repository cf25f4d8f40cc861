package io.gradstream.autodiff.diagnose;

/** What a finding is about; each is a rule that a tape should keep. */
public enum Rule {
    /** A loss that a parameter has no part in teaches it nothing. */
    UNREACHED_PARAMETER("a parameter must have a part in the loss, or be frozen"),

    /** A parameter has a part in the loss, but every path to it is cut: detached, untracked, or through an operation that is flat. */
    DETACHED_PARAMETER("a gradient must find its way to a parameter"),

    /** A loss that takes logits was given what a softmax or a sigmoid made of them, which it does once more. */
    NORMALIZED_LOGITS("a loss with logits must not be given probabilities"),

    /** Units that start equal and are used equally get equal gradients and stay equal for ever. */
    SYMMETRIC_UNITS("units of a layer must differ before they learn"),

    /** Gradients that are scaled or clipped after the optimizer has used them. */
    CLIP_AFTER_STEP("gradients must be clipped before the optimizer uses them"),

    /** Gradients that add up from step to step because nobody sets them to zero. */
    MISSING_ZERO("accumulated gradients must be zero before the next step"),

    /** Micro-batches whose mean losses add up to a multiple of one: their gradient is as many times too large. */
    UNSCALED_ACCUMULATION("the mean loss of a micro-batch must be divided by the micro-batches of a step");

    private final String text;

    Rule(String text) {
        this.text = text;
    }

    /** The rule in words. */
    public String text() {
        return text;
    }
}
