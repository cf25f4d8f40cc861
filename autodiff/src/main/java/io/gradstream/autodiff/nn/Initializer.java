package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.op.Philox;
import java.util.Arrays;

/** The distribution that a parameter's first values come from: a function of the stream and the shape alone. */
public sealed interface Initializer {
    /** Writes all elements, row by row. */
    void write(Philox random, Shape shape, Elements to);

    /** Where the elements go. */
    @FunctionalInterface
    interface Elements {
        void set(long index, float value);
    }

    /** Elements that know nothing of each other. */
    sealed interface Elementwise extends Initializer {
        /** The value of one element, a function of the stream and the element's index alone. */
        float value(Philox random, long index);

        @Override
        default void write(Philox random, Shape shape, Elements to) {
            for (long i = 0; i < shape.size(); i++) {
                to.set(i, value(random, i));
            }
        }
    }

    /** Every element the same. */
    record Constant(float value) implements Elementwise {
        @Override
        public float value(Philox random, long index) {
            return value;
        }
    }

    /** Uniform between −bound and bound: a variance of bound²/3. */
    record Uniform(float bound) implements Elementwise {
        /** PyTorch's default for a linear layer's weight (Kaiming with a=√5) and bias: 1/√inputs. */
        public static Uniform ofLinear(int inputs, int outputs) {
            return new Uniform((float) (1 / Math.sqrt(inputs)));
        }

        /** For tanh and sigmoid: a variance of 2/(inputs + outputs) (Glorot, Bengio, 2010). */
        public static Uniform xavier(int inputs, int outputs) {
            return new Uniform((float) Math.sqrt(6.0 / (inputs + outputs)));
        }

        /** For relu: a variance of 2/inputs (He et al., 2015). */
        public static Uniform he(int inputs, int outputs) {
            return new Uniform((float) Math.sqrt(6.0 / inputs));
        }

        @Override
        public float value(Philox random, long index) {
            return (2 * random.uniform(index) - 1) * bound;
        }
    }

    /** Normal around zero. */
    record Normal(float deviation) implements Elementwise {
        /** What GPT-2 begins with (Radford et al., 2019). */
        private static final double GPT2 = 0.02;

        /**
         * The default for embedding tables. PyTorch takes deviation 1, which drowns the dense inputs of a click model before it has learned
         * anything; here rows start as short vectors of about length 0.1, whatever their dimension.
         */
        public static Normal ofEmbedding(int dimension) {
            return new Normal((float) (0.1 / Math.sqrt(dimension)));
        }

        /** For tanh and sigmoid: a variance of 2/(inputs + outputs) (Glorot, Bengio, 2010). */
        public static Normal xavier(int inputs, int outputs) {
            return new Normal((float) Math.sqrt(2.0 / (inputs + outputs)));
        }

        /** For relu: a variance of 2/inputs (He et al., 2015). */
        public static Normal he(int inputs, int outputs) {
            return new Normal((float) Math.sqrt(2.0 / inputs));
        }

        /** GPT-2's for the last layer of each residual branch, so that the sum of all branches does not grow with their number. */
        public static Normal ofResidual(int branches) {
            return new Normal((float) (GPT2 / Math.sqrt(branches)));
        }

        @Override
        public float value(Philox random, long index) {
            return random.normal(index) * deviation;
        }
    }

    /**
     * A matrix whose rows, or columns where there are fewer of them, are orthogonal and have the length of the gain (Saxe et al., 2014): normal
     * numbers, made orthogonal by the Gram–Schmidt process, twice for exactness.
     */
    record Orthogonal(float gain) implements Initializer {
        @Override
        public void write(Philox random, Shape shape, Elements to) {
            if (shape.rank() != 2) {
                throw new IllegalArgumentException("orthogonal values must be a matrix: shape=" + shape);
            }
            int rows = shape.dim(0);
            int columns = shape.dim(1);
            double[][] basis = basis(random, Math.min(rows, columns), Math.max(rows, columns));
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    double value = rows <= columns ? basis[row][column] : basis[column][row];
                    to.set((long) row * columns + column, (float) (gain * value));
                }
            }
        }

        private static double[][] basis(Philox random, int count, int length) {
            double[][] basis = new double[count][length];
            for (int i = 0; i < count; i++) {
                double[] vector = basis[i];
                long first = (long) i * length;
                Arrays.setAll(vector, j -> random.normal(first + j));
                for (int pass = 0; pass < 2; pass++) {
                    for (int before = 0; before < i; before++) {
                        addTimes(vector, -dot(vector, basis[before]), basis[before]);
                    }
                    double norm = Math.sqrt(dot(vector, vector));
                    Arrays.setAll(vector, j -> vector[j] / norm);
                }
            }
            return basis;
        }

        private static double dot(double[] a, double[] b) {
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += a[i] * b[i];
            }
            return sum;
        }

        private static void addTimes(double[] to, double factor, double[] what) {
            for (int i = 0; i < to.length; i++) {
                to[i] += factor * what[i];
            }
        }
    }
}
