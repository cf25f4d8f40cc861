package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.op.Combine;

/** One column of a model's input. The order of columns is the order in which they are concatenated. */
public sealed interface InputColumn {
    String name();

    /** How many values the column gives to a row of the model's input. */
    int width();

    /** A column that enters the model as its value; neighbours of this kind form one dense block. */
    record Numeric(String name) implements InputColumn {
        public Numeric {
            requireName(name);
        }

        @Override
        public int width() {
            return 1;
        }
    }

    /** A column of one id per row, which enters the model as that row of an embedding table. */
    record Categorical(String name, int buckets, int dimension) implements InputColumn {
        public Categorical {
            requireTable(name, buckets, dimension);
        }

        @Override
        public int width() {
            return dimension;
        }
    }

    /** A column of any number of ids per row, whose embeddings are combined into one; an empty list gives zeros. */
    record Bag(String name, int buckets, int dimension, Combine combine) implements InputColumn {
        public Bag {
            requireTable(name, buckets, dimension);
        }

        @Override
        public int width() {
            return dimension;
        }
    }

    /**
     * A column of a list of ids per row in order of time, the newest last: of a longer list the newest items count, and a shorter one is
     * padded. A model that knows nothing of order takes the mean of the items' vectors.
     *
     * @param length how many items enter the model
     */
    record Sequence(String name, int buckets, int dimension, int length) implements InputColumn {
        public Sequence {
            requireTable(name, buckets, dimension);
            if (length < 1) {
                throw new IllegalArgumentException("a sequence must have items: column=" + name + " length=" + length);
            }
        }

        @Override
        public int width() {
            return dimension;
        }
    }

    private static void requireTable(String name, int buckets, int dimension) {
        requireName(name);
        if (buckets < 1 || dimension < 1) {
            throw new IllegalArgumentException("embedding table must not be empty: column=" + name + " buckets="
                    + buckets + " dimension=" + dimension);
        }
    }

    private static void requireName(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("input column must have a name: name='" + name + "'");
        }
    }
}
