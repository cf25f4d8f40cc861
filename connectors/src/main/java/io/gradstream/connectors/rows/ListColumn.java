package io.gradstream.connectors.rows;

import java.util.Objects;

/** Lists: each is a range of one column of elements. */
public final class ListColumn implements Column {
    private final Column elements;
    private final Offsets offsets;
    private final Validity validity;

    public ListColumn(Column elements, Offsets offsets, Validity validity) {
        int fault = offsets.faultIn(elements.size());
        if (fault >= 0) {
            throw new IllegalArgumentException(
                    "lists must lie within their elements: list=" + fault + " elements=" + elements.size());
        }
        this.elements = elements;
        this.offsets = offsets;
        this.validity = validity;
    }

    /** A column in which every value is missing. */
    public static ListColumn absent(int size) {
        return new ListColumn(IntegerColumn.absent(0), Offsets.every(0, size), Validity.none(size));
    }

    @Override
    public int size() {
        return offsets.size();
    }

    @Override
    public boolean isNull(int row) {
        return validity.isNull(row);
    }

    @Override
    public boolean hasNulls() {
        return validity.hasNulls();
    }

    /** The elements of all lists: numbers, text or codes, never lists. */
    public Column elements() {
        return elements;
    }

    /** The number of the list's first element. */
    public int start(int row) {
        return offsets.at(Objects.checkIndex(row, size()));
    }

    /** The number behind the list's last element. */
    public int end(int row) {
        return offsets.at(Objects.checkIndex(row, size()) + 1);
    }
}
