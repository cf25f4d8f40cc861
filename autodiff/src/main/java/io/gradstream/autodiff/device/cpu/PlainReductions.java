package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.ArgMax;

/** Reductions in plain Java, computed in double and rounded once. */
final class PlainReductions {
    private PlainReductions() {}

    /** How the elements of one fold become one number. */
    private interface Fold {
        double of(Operand in, Folds folds, int to);
    }

    static PreparedCall sum(Operand in, Operand out) {
        return prepare(in, out, PlainReductions::sum);
    }

    static PreparedCall max(Operand in, Operand out) {
        return prepare(in, out, PlainReductions::max);
    }

    static PreparedCall norm(Operand in, Operand out) {
        return prepare(in, out, PlainReductions::norm);
    }

    static PreparedCall logSumExp(Operand in, Operand out) {
        return prepare(in, out, PlainReductions::logSumExp);
    }

    static PreparedCall argMax(Operand in, Operand out) {
        return prepare(in, out, PlainReductions::argMax);
    }

    private static PreparedCall prepare(Operand in, Operand out, Fold fold) {
        Folds folds = Folds.of(in.shape(), out.shape());
        return () -> {
            for (int to = 0; to < folds.count(); to++) {
                out.set(to, fold.of(in, folds, to));
            }
        };
    }

    private static double sum(Operand in, Folds folds, int to) {
        double sum = 0;
        for (int i = 0; i < folds.length(); i++) {
            sum += in.get(folds.index(to, i));
        }
        return sum;
    }

    private static double max(Operand in, Folds folds, int to) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < folds.length(); i++) {
            max = Math.max(max, in.get(folds.index(to, i)));
        }
        return max;
    }

    private static double norm(Operand in, Folds folds, int to) {
        double sum = 0;
        for (int i = 0; i < folds.length(); i++) {
            double element = in.get(folds.index(to, i));
            sum += element * element;
        }
        return Math.sqrt(sum);
    }

    private static double logSumExp(Operand in, Folds folds, int to) {
        double max = max(in, folds, to);
        double shift = Double.isInfinite(max) ? 0 : max;
        double sum = 0;
        for (int i = 0; i < folds.length(); i++) {
            sum += Math.exp(in.get(folds.index(to, i)) - shift);
        }
        return shift + Math.log(sum);
    }

    private static double argMax(Operand in, Folds folds, int to) {
        int largest = 0;
        for (int i = 1; i < folds.length(); i++) {
            if (ArgMax.replaces(in.get(folds.index(to, i)), in.get(folds.index(to, largest)))) {
                largest = i;
            }
        }
        return largest;
    }
}
