package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.Shape;

/** Which elements a reduction folds into each element of its result: element {@code i} of fold {@code to} lies at {@code bases[to] + offsets[i]}. */
@SuppressWarnings("ArrayRecordComponent") // read in the innermost loops, never compared
record Folds(int[] bases, int[] offsets) {
    /** The result has the operand's shape with extent 1 along the folded axes. */
    static Folds of(Shape operand, Shape result) {
        int[] bases = {0};
        int[] offsets = {0};
        long[] strides = operand.strides();
        for (int axis = 0; axis < operand.rank(); axis++) {
            if (result.dim(axis) == operand.dim(axis)) {
                bases = extend(bases, operand.dim(axis), strides[axis]);
            } else {
                offsets = extend(offsets, operand.dim(axis), strides[axis]);
            }
        }
        return new Folds(bases, offsets);
    }

    private static int[] extend(int[] starts, int extent, long stride) {
        int[] extended = new int[Math.multiplyExact(starts.length, extent)];
        for (int i = 0; i < extended.length; i++) {
            extended[i] = Math.toIntExact(starts[i / extent] + i % extent * stride);
        }
        return extended;
    }

    int count() {
        return bases.length;
    }

    int length() {
        return offsets.length;
    }

    int index(int to, int i) {
        return bases[to] + offsets[i];
    }

    /** Whether each fold is a run of neighbouring elements. */
    boolean alongRows() {
        return isRun(offsets);
    }

    /** Whether the folds are neighbouring columns of a matrix. */
    boolean alongColumns() {
        return isRun(bases);
    }

    /** How many folds side by side are neighbouring columns, where every so many of them are. */
    int columnsTogether() {
        int together = 1;
        while (together < bases.length && bases[together] == bases[0] + together) {
            together++;
        }
        for (int i = 0; i < bases.length; i++) {
            if (bases[i] != bases[i / together * together] + i % together) {
                return 1;
            }
        }
        return together;
    }

    private static boolean isRun(int[] positions) {
        for (int i = 0; i < positions.length; i++) {
            if (positions[i] != i) {
                return false;
            }
        }
        return true;
    }
}
