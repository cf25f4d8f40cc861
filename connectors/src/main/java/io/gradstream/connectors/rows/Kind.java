package io.gradstream.connectors.rows;

/** What a reader can make of a column. */
public enum Kind {
    /** Integers, floats and booleans, to be read as numbers: a {@link NumberColumn}. */
    NUMBER,
    /** Text, bytes, integers and booleans, to be told apart: a {@link TextColumn}, {@link IntegerColumn} or {@link CodedColumn}. */
    CATEGORY,
    /** Lists of numbers or categories: a {@link ListColumn}. */
    LIST
}
