package io.gradstream.autodiff.nn;

import java.util.List;

/** What stands between the concatenated inputs of a model and its outputs. */
public sealed interface Architecture {
    /** One affine map. */
    record Linear() implements Architecture {}

    /** Affine maps of the given widths with an activation after each but the last, which leads to the outputs. */
    record Mlp(List<Integer> hidden, Activation activation) implements Architecture {
        public Mlp {
            hidden = List.copyOf(hidden);
            if (hidden.stream().anyMatch(width -> width < 1)) {
                throw new IllegalArgumentException("hidden layers must have units: hidden=" + hidden);
            }
        }
    }
}
