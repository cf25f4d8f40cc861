package io.gradstream.autodiff.nn;

/**
 * Where back-propagation through time is cut: the forward pass runs over all items, derivatives stop before every so many.
 *
 * @param items how many items derivatives flow through at most; 0 for all
 */
public record Truncation(int items) {
    /** Derivatives flow back to the first item. */
    public static final Truncation NONE = new Truncation(0);

    public Truncation {
        if (items < 0) {
            throw new IllegalArgumentException("items must not be negative: items=" + items);
        }
    }

    boolean cutsBefore(int item) {
        return items > 0 && item > 0 && item % items == 0;
    }
}
