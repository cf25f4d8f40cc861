package io.gradstream.load.bench;

import io.gradstream.autodiff.step.Precision;
import java.util.OptionalDouble;

/**
 * How many times as fast as libtorch a network should be. A goal in FP32 counts against libtorch's best mode, or against its FP32
 * alone; a goal in BF16 counts against its best mode, on processors that multiply BF16.
 */
record Goal(double single, boolean againstSingle, OptionalDouble half) {
    /** The goal in a precision, if there is one. */
    OptionalDouble in(Precision precision) {
        return switch (precision) {
            case FP32 -> OptionalDouble.of(single);
            case BF16 -> half;
            case FP16 -> OptionalDouble.empty();
        };
    }

    /** A goal against libtorch's best mode, none in BF16. */
    static Goal of(double single) {
        return new Goal(single, false, OptionalDouble.empty());
    }

    /** A goal against libtorch's best mode in both precisions. */
    static Goal of(double single, double half) {
        return new Goal(single, false, OptionalDouble.of(half));
    }

    /** A goal against libtorch's FP32, and one in BF16 against its best mode. */
    static Goal inKind(double single, double half) {
        return new Goal(single, true, OptionalDouble.of(half));
    }
}
