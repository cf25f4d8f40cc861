package io.gradstream.connectors.arrow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of a schema, with the columns below it.
 *
 * @param name empty below the top: nobody asks for those by name
 * @param type the type of the values, also where the column itself holds codes
 * @param encoding how the column refers to a dictionary, if it does
 * @param nodes the arrays of this column and all below it in a batch
 * @param buffers the buffers of all these, without those that vary in number
 * @param views the arrays among these whose number of buffers varies
 */
record ArrowField(
        String name,
        ArrowType type,
        List<ArrowField> children,
        @Nullable Encoding encoding,
        int nodes,
        int buffers,
        int views) {
    /** Codes of this type that count within the dictionary with this number. */
    record Encoding(long dictionary, ArrowType.Integers codes) {}

    static ArrowField of(String name, ArrowType type, List<ArrowField> children, @Nullable Encoding encoding) {
        if (encoding != null) {
            return new ArrowField(
                    name, type, children, encoding, 1, encoding.codes().buffers(), 0);
        }
        int nodes = 1;
        int buffers = type.buffers();
        int views = type.isView() ? 1 : 0;
        for (ArrowField child : children) {
            nodes += child.nodes();
            buffers += child.buffers();
            views += child.views();
        }
        return new ArrowField(name, type, children, null, nodes, buffers, views);
    }

    /** The column that a dictionary for this one holds. */
    ArrowField values() {
        return of(name, type, children, null);
    }
}
