package io.gradstream.load.twin;

/**
 * How far values are from those of another engine.
 *
 * <p>The relative difference of {@code a} from {@code b} is {@code |a − b| / max(|b|, scale)}, where the scale is the
 * root mean square of the tensor that {@code b} stands in: a weight that happens to be near zero is measured by its
 * neighbours, as its rounding errors are.
 */
public record Agreement(String name, double worst, int index, double ours, double theirs) {

    /** What fp32 training on the CPU promises against PyTorch. */
    public static final double PROMISE = 1e-5;

    public static Agreement of(String name, float[] ours, double[] theirs) {
        if (ours.length != theirs.length) {
            throw new IllegalArgumentException(
                    "tensors must have one size: name=" + name + " ours=" + ours.length + " theirs=" + theirs.length);
        }
        double squares = 0;
        for (double value : theirs) {
            squares += value * value;
        }
        double scale = Math.sqrt(squares / theirs.length);
        Agreement agreement = new Agreement(name, 0, 0, ours[0], theirs[0]);
        for (int i = 0; i < ours.length; i++) {
            double difference = relative(ours[i], theirs[i], scale);
            if (!(difference <= agreement.worst)) {
                agreement = new Agreement(name, difference, i, ours[i], theirs[i]);
            }
        }
        return agreement;
    }

    /** Two single values. */
    public static Agreement of(String name, double ours, double theirs) {
        return new Agreement(name, relative(ours, theirs, 0), 0, ours, theirs);
    }

    private static double relative(double ours, double theirs, double scale) {
        double difference = Math.abs(ours - theirs);
        return difference == 0 ? 0 : difference / Math.max(Math.abs(theirs), scale);
    }

    /** Fails when the promise is not kept; a NaN never keeps it. */
    public void require() {
        if (!(worst <= PROMISE)) {
            throw new AssertionError("differs from libtorch by more than " + PROMISE + ": name=" + name + " difference="
                    + worst + " index=" + index + " ours=" + ours + " theirs=" + theirs);
        }
    }
}
