package io.gradstream.autodiff.step;

import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Parameters that are trained in a way of their own. A parameter belongs to the first group that matches its name, or to none.
 *
 * @param match a name in which each {@code *} stands for any characters
 * @param learningRate what the step's learning rate is multiplied by
 * @param weightDecay what the optimizer's weight decay is replaced with; of FTRL its l2
 * @param frozen whether the parameters keep their values: they have no gradient and no moments
 */
public record ParameterGroup(String match, double learningRate, OptionalDouble weightDecay, boolean frozen) {
    public ParameterGroup {
        if (match.isBlank()) {
            throw new IllegalArgumentException("a group must match names: match=" + match);
        }
        if (!(learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "learning rate factor must be finite and not negative: learningRate=" + learningRate);
        }
        if (weightDecay.isPresent() && !(weightDecay.getAsDouble() >= 0)) {
            throw new IllegalArgumentException(
                    "weight decay must not be negative: weightDecay=" + weightDecay.getAsDouble());
        }
    }

    /** Parameters that keep their values. */
    public static ParameterGroup frozen(String match) {
        return new ParameterGroup(match, 1, OptionalDouble.empty(), true);
    }

    /** Parameters that learn at another rate. */
    public static ParameterGroup learning(String match, double learningRate) {
        return new ParameterGroup(match, learningRate, OptionalDouble.empty(), false);
    }

    /** Parameters that decay in another way. */
    public static ParameterGroup decaying(String match, double weightDecay) {
        return new ParameterGroup(match, 1, OptionalDouble.of(weightDecay), false);
    }

    /** Whether a parameter of this name may belong to the group. */
    public boolean matches(String name) {
        return Pattern.matches(
                Pattern.compile("\\*")
                        .splitAsStream(match + "\0")
                        .map(part -> Pattern.quote(part.replace("\0", "")))
                        .collect(Collectors.joining(".*")),
                name);
    }
}
