package io.gradstream.autodiff.nn;

import java.util.ArrayList;
import java.util.List;

/** What enters a model side by side: numeric columns that are neighbours together, every other column by itself. */
public sealed interface InputPart {
    /** Numeric columns from one number to another, among all of their kind. */
    record Numbers(int from, int to) implements InputPart {}

    /** A column that is looked up in a table. */
    record LookedUp(InputColumn column) implements InputPart {}

    /** The parts of some columns, all numeric ones among them, in their order. */
    static List<InputPart> of(List<InputColumn> columns) {
        List<InputPart> parts = new ArrayList<>();
        int numerics = 0;
        for (InputColumn column : columns) {
            if (!(column instanceof InputColumn.Numeric)) {
                parts.add(new LookedUp(column));
            } else if (!parts.isEmpty() && parts.getLast() instanceof Numbers(int from, int to)) {
                parts.set(parts.size() - 1, new Numbers(from, to + 1));
                numerics++;
            } else {
                parts.add(new Numbers(numerics, ++numerics));
            }
        }
        return List.copyOf(parts);
    }
}
