package io.gradstream.connectors.arrow;

import io.gradstream.connectors.rows.Kind;
import io.gradstream.connectors.rows.Projection;
import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.connectors.rows.UndecodableException.Reason;
import io.gradstream.connectors.rows.Wanted;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A schema seen through a projection: what to read, what to step over, and what to expect in a batch. */
final class Selection {
    /** Means that nobody wants the column. */
    static final int UNWANTED = -1;

    private final Projection projection;
    private final List<ArrowField> fields;
    private final int[] positions;
    private final Map<Long, Dictionary> dictionaries = new HashMap<>();
    private int nodes;
    private int buffers;
    private int views;

    /** What a dictionary holds, and whether any wanted column refers to it. */
    record Dictionary(ArrowField values, boolean wanted) {}

    Selection(List<ArrowField> fields, Projection projection) throws UndecodableException {
        this.projection = projection;
        this.fields = List.copyOf(fields);
        this.positions = new int[fields.size()];
        boolean[] found = new boolean[projection.size()];
        Arrays.fill(positions, UNWANTED);
        for (int i = 0; i < positions.length; i++) {
            ArrowField field = fields.get(i);
            int position = projection.position(field.name());
            if (position >= 0) {
                if (found[position]) {
                    throw Faults.corrupt("a wanted column must occur once: column=" + field.name());
                }
                found[position] = true;
                checkKind(field, projection.wanted(position));
            }
            positions[i] = position;
            nodes = Math.addExact(nodes, field.nodes());
            buffers = Math.addExact(buffers, field.buffers());
            views = Math.addExact(views, field.views());
            collectDictionaries(field, position >= 0);
        }
        for (int i = 0; i < found.length; i++) {
            if (!found[i]) {
                throw new UndecodableException(
                        Reason.MISSING_COLUMN,
                        "schema must have every wanted column: missing="
                                + projection.wanted(i).name());
            }
        }
    }

    Projection projection() {
        return projection;
    }

    List<ArrowField> fields() {
        return fields;
    }

    /** Where a column belongs in the projection, or {@link #UNWANTED}. */
    int position(int field) {
        return positions[field];
    }

    int nodes() {
        return nodes;
    }

    int buffers() {
        return buffers;
    }

    int views() {
        return views;
    }

    Dictionary dictionary(long id) throws UndecodableException {
        Dictionary dictionary = dictionaries.get(id);
        if (dictionary == null) {
            throw Faults.corrupt("a dictionary must be known to the schema: dictionary=" + id);
        }
        return dictionary;
    }

    private void collectDictionaries(ArrowField field, boolean wanted) {
        if (field.encoding() != null) {
            dictionaries.merge(
                    field.encoding().dictionary(),
                    new Dictionary(field.values(), wanted),
                    (a, b) -> b.wanted() ? b : a);
        }
        for (ArrowField child : field.children()) {
            collectDictionaries(child, wanted);
        }
    }

    private static void checkKind(ArrowField field, Wanted wanted) throws UndecodableException {
        boolean fits = switch (field.type()) {
            case ArrowType.Integers _ -> wanted.allows(Kind.NUMBER) || wanted.allows(Kind.CATEGORY);
            case ArrowType.Floats _ -> wanted.allows(Kind.NUMBER);
            case ArrowType.Text _, ArrowType.TextView _ -> wanted.allows(Kind.CATEGORY);
            case ArrowType.Lists _, ArrowType.FixedLists _ ->
                wanted.allows(Kind.LIST)
                        && field.encoding() == null
                        && isElement(field.children().getFirst());
            case ArrowType.Nulls _ -> true;
            case ArrowType.Other _ -> false;
        };
        if (!fits) {
            String type = field.type().label()
                    + (field.children().isEmpty()
                            ? ""
                            : " of " + field.children().getFirst().type().label());
            throw new UndecodableException(
                    Reason.WRONG_TYPE,
                    "column must have a type that can be used: column=" + field.name() + " type=" + type + " wanted="
                            + wanted.kinds());
        }
    }

    private static boolean isElement(ArrowField field) {
        return switch (field.type()) {
            case ArrowType.Integers _, ArrowType.Floats _, ArrowType.Text _, ArrowType.TextView _, ArrowType.Nulls _ ->
                true;
            case ArrowType.Lists _, ArrowType.FixedLists _, ArrowType.Other _ -> false;
        };
    }
}
