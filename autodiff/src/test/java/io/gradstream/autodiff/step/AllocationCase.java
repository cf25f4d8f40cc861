package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.GruModel;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.nn.Normalization;
import io.gradstream.autodiff.nn.TransformerModel;
import io.gradstream.autodiff.nn.Truncation;
import io.gradstream.autodiff.op.Combine;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** Networks in training that between them run every kind of kernel and every part of a step. */
enum AllocationCase {
    RELU {
        @Override
        StepSpec spec() {
            return mlp(Activation.RELU, OptimizerSpec.Adam.usual()).build();
        }
    },
    /** The network of {@code gradstream bench soak}, whose arrays fill their vectors. */
    DEAD_UNITS {
        @Override
        StepSpec spec() {
            return StepSpec.of(
                            Batches.mlp(16, 1, Activation.RELU, 32),
                            Loss.BINARY_CROSS_ENTROPY,
                            OptimizerSpec.Adam.usual())
                    .microBatch(32)
                    .clip(new Clip.Norm(1))
                    .build();
        }

        @Override
        void prepare(TrainingStep step) {
            float[] bias = new float[32];
            Arrays.fill(bias, 0, 16, -1000);
            Batches.set(step, "mlp.0.bias", bias);
        }
    },
    TANH_WITH_RMSPROP_AND_CLIPPED_VALUES {
        @Override
        StepSpec spec() {
            return mlp(Activation.TANH, OptimizerSpec.Rmsprop.usual())
                    .clip(new Clip.Value(0.1))
                    .build();
        }
    },
    INSPECTED_GELU_WITH_FTRL {
        @Override
        StepSpec spec() {
            return mlp(Activation.GELU, OptimizerSpec.Ftrl.usual())
                    .inspectEvery(2)
                    .build();
        }
    },
    LAYER_NORM_AND_DROPOUT_WITH_ADAGRAD {
        @Override
        StepSpec spec() {
            return normalized(Normalization.LAYER, Activation.ELU, OptimizerSpec.Adagrad.usual());
        }
    },
    BATCH_NORM_AND_DROPOUT_WITH_MOMENTUM {
        @Override
        StepSpec spec() {
            return normalized(Normalization.BATCH, Activation.SILU, new OptimizerSpec.Sgd(0.9, 0, true, 1e-4));
        }
    },
    MOMENTS_OF_EIGHT_BITS {
        @Override
        StepSpec spec() {
            return mlp(Activation.LEAKY_RELU, OptimizerSpec.QuantizedAdam.usual(0.01))
                    .build();
        }
    },
    AVERAGED_BF16_WITH_LION {
        @Override
        StepSpec spec() {
            return mlp(Activation.SIGMOID, OptimizerSpec.Lion.usual())
                    .precision(Precision.BF16)
                    .average(OptionalDouble.of(0.99))
                    .build();
        }
    },
    FP16 {
        @Override
        StepSpec spec() {
            return mlp(Activation.RELU, OptimizerSpec.Adam.usual())
                    .precision(Precision.FP16)
                    .build();
        }
    },
    CLASSES_WITH_ADAFACTOR {
        @Override
        StepSpec spec() {
            return StepSpec.of(
                            Batches.mlp(13, 5, Activation.RELU, 32, 17),
                            Loss.CROSS_ENTROPY,
                            OptimizerSpec.Adafactor.usual())
                    .microBatch(CAPACITY)
                    .build();
        }
    },
    ROWS_ONE_BY_ONE {
        @Override
        StepSpec spec() {
            return StepSpec.of(Batches.linear(29), Loss.BINARY_CROSS_ENTROPY, OptimizerSpec.Sgd.plain())
                    .microBatch(CAPACITY)
                    .updates(Updates.ROW)
                    .build();
        }
    },
    ROWS_ONE_BY_ONE_WITH_TABLES {
        @Override
        StepSpec spec() {
            return StepSpec.of(
                            new ModelSpec(
                                    List.of(
                                            new InputColumn.Numeric("x"),
                                            new InputColumn.Categorical("site", 1000, 16),
                                            new InputColumn.Bag("tags", 50, 3, Combine.MEAN)),
                                    new Architecture.Linear(),
                                    1),
                            Loss.BINARY_CROSS_ENTROPY,
                            OptimizerSpec.Sgd.plain())
                    .microBatch(CAPACITY)
                    .accumulate(2)
                    .updates(Updates.ROW)
                    .build();
        }
    },
    LAZY_TABLES_INSPECTED {
        @Override
        StepSpec spec() {
            return tables(Embeddings.LAZY).inspectEvery(2).build();
        }
    },
    EXACT_TABLES {
        @Override
        StepSpec spec() {
            return tables(Embeddings.EXACT).build();
        }
    },
    GRU {
        @Override
        StepSpec spec() {
            return history(new GruModel(16, Truncation.NONE, List.of(), Activation.RELU));
        }
    },
    TRANSFORMER {
        @Override
        StepSpec spec() {
            return history(new TransformerModel(1, 2, 32, 0, List.of(16), Activation.RELU));
        }
    };

    private static final int CAPACITY = 33;

    abstract StepSpec spec();

    /** Brings the network into the state in which it is to train. */
    void prepare(TrainingStep step) {}

    /** Writes rows, as many as are even: with an odd capacity the batch has padding. */
    static void fill(MicroBatch batch, StepSpec spec) {
        ModelSpec model = spec.model();
        int rows = spec.microBatch() / 2 * 2;
        batch.rows(rows);
        for (long i = 0; i < batch.dense().byteSize() / Float.BYTES; i++) {
            batch.dense().setAtIndex(JAVA_FLOAT, i, (float) Math.sin(1.7 + i * 12.9898));
        }
        for (int column = 0; column < model.categoricals().size(); column++) {
            for (int row = 0; row < rows; row++) {
                batch.ids(column)
                        .setAtIndex(
                                JAVA_INT,
                                row,
                                row * 7 % model.categoricals().get(column).buckets());
            }
        }
        for (int column = 0; column < model.bags().size(); column++) {
            batch.ensureBagCapacity(column, 2 * rows);
            for (int row = 0; row < rows; row++) {
                batch.bagIds(column).setAtIndex(JAVA_INT, 2L * row, row % 5);
                batch.bagIds(column).setAtIndex(JAVA_INT, 2L * row + 1, row % 7);
                batch.bagOffsets(column).setAtIndex(JAVA_INT, row + 1L, 2 * row + 2);
            }
        }
        for (int column = 0; column < model.sequences().size(); column++) {
            int length = model.sequences().get(column).length();
            for (int row = 0; row < rows; row++) {
                for (int item = 0; item < length; item++) {
                    batch.sequenceIds(column).setAtIndex(JAVA_INT, (long) row * length + item, (row + item) % 3);
                }
                batch.sequenceLengths(column).setAtIndex(JAVA_INT, row, row % (length + 1));
            }
        }
        for (int row = 0; row < rows; row++) {
            if (spec.loss().equals(Loss.CROSS_ENTROPY)) {
                batch.label().setAtIndex(JAVA_INT, row, row % model.outputs());
            } else {
                batch.label().setAtIndex(JAVA_FLOAT, row, row % 2);
            }
        }
    }

    private static StepSpec.Builder mlp(Activation activation, OptimizerSpec optimizer) {
        return StepSpec.of(Batches.mlp(13, 1, activation, 32, 17), Loss.BINARY_CROSS_ENTROPY, optimizer)
                .microBatch(CAPACITY)
                .accumulate(2)
                .clip(new Clip.Norm(1));
    }

    private static StepSpec normalized(Normalization normalization, Activation activation, OptimizerSpec optimizer) {
        return StepSpec.of(
                        new ModelSpec(
                                Batches.numerics(13),
                                new Architecture.Mlp(List.of(32, 17), activation, normalization, 0.1),
                                1),
                        Loss.BINARY_CROSS_ENTROPY,
                        optimizer)
                .microBatch(CAPACITY)
                .build();
    }

    private static StepSpec.Builder tables(Embeddings embeddings) {
        return StepSpec.of(
                        new ModelSpec(
                                List.of(
                                        new InputColumn.Numeric("x"),
                                        new InputColumn.Categorical("site", 1000, 16),
                                        new InputColumn.Bag("tags", 50, 3, Combine.MEAN)),
                                new Architecture.Mlp(List.of(8), Activation.TANH),
                                1),
                        Loss.BINARY_CROSS_ENTROPY,
                        OptimizerSpec.Adam.decoupled(0.01))
                .microBatch(CAPACITY)
                .accumulate(2)
                .clip(new Clip.Norm(1))
                .embeddings(embeddings);
    }

    private static StepSpec history(Architecture architecture) {
        List<InputColumn> columns = List.of(new InputColumn.Sequence("clicks", 3, 16, 4), new InputColumn.Numeric("x"));
        return StepSpec.of(
                        new ModelSpec(columns, architecture, 1),
                        Loss.BINARY_CROSS_ENTROPY,
                        OptimizerSpec.Adam.decoupled(0.01))
                .microBatch(9)
                .clip(new Clip.Norm(1))
                .build();
    }
}
