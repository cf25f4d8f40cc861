package io.gradstream.autodiff.diagnose;

import io.gradstream.autodiff.tape.Tensor;

/**
 * The numbers of one value at a glance.
 *
 * @param value number, operation, type and source line of the value
 * @param least the smallest finite element; NaN where none is finite
 * @param largest the largest finite element; NaN where none is finite
 * @param nans how many elements are NaN
 * @param infinities how many elements are infinite
 */
public record Range(String value, double least, double largest, long nans, long infinities) {

    static Range of(Tensor value, double... numbers) {
        double least = Double.POSITIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        long nans = 0;
        long infinities = 0;
        for (double number : numbers) {
            if (Double.isNaN(number)) {
                nans++;
            } else if (Double.isInfinite(number)) {
                infinities++;
            } else {
                least = Math.min(least, number);
                largest = Math.max(largest, number);
            }
        }
        boolean none = least > largest;
        return new Range(value.describe(), none ? Double.NaN : least, none ? Double.NaN : largest, nans, infinities);
    }

    /** Whether every element is a finite number. */
    public boolean isFinite() {
        return nans == 0 && infinities == 0;
    }

    @Override
    public String toString() {
        String text = value + " in [" + least + ", " + largest + "]";
        return isFinite() ? text : text + " nans=" + nans + " infinities=" + infinities;
    }
}
