package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.op.BagCombine;
import io.gradstream.autodiff.op.BagSpread;
import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.op.Embedding;
import io.gradstream.autodiff.op.Gather;
import io.gradstream.autodiff.op.Lookup;
import io.gradstream.autodiff.op.ScatterAdd;
import io.gradstream.autodiff.op.ScatterAddRows;
import java.util.List;
import java.util.Objects;

/** Rows fetched and collected by number. */
final class LookupKernels {

    private LookupKernels() {}

    static Runnable prepare(Lookup op, List<Array> inputs, Array y) {
        Array rows = inputs.get(0);
        Array numbers = inputs.get(1);
        return switch (op) {
            case Embedding ignored -> embedding(rows, numbers, y);
            case ScatterAddRows ignored -> scatterAdd(rows, numbers, y);
            case BagCombine combine -> bagCombine(combine.combine(), rows, numbers, y);
            case Gather gather -> gather(gather.axis(), rows, numbers, y);
            case ScatterAdd scatter -> scatterAdd(scatter.axis(), rows, numbers, y);
            case BagSpread spread -> bagSpread(spread.combine(), rows, numbers, y);
        };
    }

    private static Runnable embedding(Array table, Array ids, Array y) {
        return () -> {
            for (int i = 0; i < ids.size(); i++) {
                clear(y, i);
                addRow(table, row(table, ids.get(i)), 1, y, i);
            }
        };
    }

    private static Runnable scatterAdd(Array updates, Array ids, Array y) {
        return () -> {
            for (int row = 0; row < y.dim(0); row++) {
                clear(y, row);
            }
            for (int i = 0; i < ids.size(); i++) {
                addRow(updates, i, 1, y, row(y, ids.get(i)));
            }
        };
    }

    private static Runnable bagCombine(Combine combine, Array rows, Array offsets, Array y) {
        return () -> {
            for (int bag = 0; bag < y.dim(0); bag++) {
                clear(y, bag);
                requireBag(offsets, bag, rows.dim(0));
                for (int i = (int) offsets.get(bag); i < (int) offsets.get(bag + 1); i++) {
                    addRow(rows, i, share(combine, offsets, bag), y, bag);
                }
            }
        };
    }

    private static Runnable bagSpread(Combine combine, Array bags, Array offsets, Array y) {
        return () -> {
            for (int i = 0; i < y.dim(0); i++) {
                clear(y, i);
            }
            for (int bag = 0; bag < bags.dim(0); bag++) {
                requireBag(offsets, bag, y.dim(0));
                for (int i = (int) offsets.get(bag); i < (int) offsets.get(bag + 1); i++) {
                    addRow(bags, bag, share(combine, offsets, bag), y, i);
                }
            }
        };
    }

    private static Runnable gather(int axis, Array x, Array ids, Array y) {
        int inner = Math.toIntExact(x.shape().strides()[axis]);
        return () -> {
            for (int i = 0; i < y.size(); i++) {
                y.set(i, x.get(place(i, inner, ids.dim(axis), x.dim(axis), ids.get(i))));
            }
        };
    }

    private static Runnable scatterAdd(int axis, Array updates, Array ids, Array y) {
        int inner = Math.toIntExact(y.shape().strides()[axis]);
        return () -> {
            for (int i = 0; i < y.size(); i++) {
                y.set(i, 0);
            }
            for (int i = 0; i < updates.size(); i++) {
                int target = place(i, inner, ids.dim(axis), y.dim(axis), ids.get(i));
                y.set(target, y.get(target) + updates.get(i));
            }
        };
    }

    /** Where element i, of an array with so many places along the axis, belongs in one with so many others. */
    private static int place(int i, int inner, int places, int others, double id) {
        if (id < 0 || id >= others) {
            throw new IndexOutOfBoundsException(
                    "a number must lie within the axis: id=" + (int) id + " extent=" + others);
        }
        return (i / (inner * places) * others + (int) id) * inner + i % inner;
    }

    private static void requireBag(Array offsets, int bag, int rows) {
        Objects.checkFromToIndex((int) offsets.get(bag), (int) offsets.get(bag + 1), rows);
    }

    private static double share(Combine combine, Array offsets, int bag) {
        return switch (combine) {
            case SUM -> 1;
            case MEAN -> 1 / (offsets.get(bag + 1) - offsets.get(bag));
        };
    }

    private static int row(Array table, double id) {
        int row = (int) id;
        if (row < 0 || row >= table.dim(0)) {
            throw new IndexOutOfBoundsException(
                    "a row number must lie within the table: id=" + row + " rows=" + table.dim(0));
        }
        return row;
    }

    private static void clear(Array y, int row) {
        int columns = y.dim(1);
        for (int column = 0; column < columns; column++) {
            y.set(row * columns + column, 0);
        }
    }

    private static void addRow(Array from, int fromRow, double factor, Array to, int toRow) {
        int columns = to.dim(1);
        for (int column = 0; column < columns; column++) {
            int target = toRow * columns + column;
            to.set(target, to.get(target) + factor * from.get(fromRow * columns + column));
        }
    }
}
