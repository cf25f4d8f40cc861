package io.gradstream.connectors.rows;

/** The values of one column, numbered from zero within their block. */
public sealed interface Column permits NumberColumn, TextColumn, ListColumn, CodedColumn {
    int size();

    /** Whether the value is missing; what the other accessors say of a missing value means nothing. */
    boolean isNull(int row);

    /** Whether {@link #isNull} can be true for any row: false lets a reader skip the question. */
    boolean hasNulls();
}
