package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.op.Philox;

/** The distribution that a parameter's first values come from. */
public sealed interface Initializer {
    /** The value of one element, a function of the stream and the element's index alone. */
    float value(Philox random, long index);

    /** Every element the same. */
    record Constant(float value) implements Initializer {
        @Override
        public float value(Philox random, long index) {
            return value;
        }
    }

    /** Uniform between −bound and bound. */
    record Uniform(float bound) implements Initializer {
        /** PyTorch's default for a linear layer's weight (Kaiming with a=√5) and bias: 1/√inputs. */
        public static Uniform ofLinear(int inputs) {
            return new Uniform((float) (1 / Math.sqrt(inputs)));
        }

        @Override
        public float value(Philox random, long index) {
            return (2 * random.uniform(index) - 1) * bound;
        }
    }

    /** Normal around zero. */
    record Normal(float deviation) implements Initializer {
        /**
         * The default for embedding tables. PyTorch takes deviation 1, which drowns the dense inputs of a click model before it has learned
         * anything; here rows start as short vectors of about length 0.1, whatever their dimension.
         */
        public static Normal ofEmbedding(int dimension) {
            return new Normal((float) (0.1 / Math.sqrt(dimension)));
        }

        @Override
        public float value(Philox random, long index) {
            return random.normal(index) * deviation;
        }
    }
}
