package io.gradstream.connectors.rows;

/** Values given by their place in a dictionary: whatever is done per distinct value is done once per dictionary entry. */
public final class CodedColumn implements Column {
    private final IntegerColumn codes;
    private final Column dictionary;

    public CodedColumn(IntegerColumn codes, Column dictionary) {
        for (int row = 0; row < codes.size(); row++) {
            long code = codes.integer(row);
            if ((code < 0 || code >= dictionary.size()) && !codes.isNull(row)) {
                throw new IllegalArgumentException("codes must lie within the dictionary: row=" + row + " code=" + code
                        + " entries=" + dictionary.size());
            }
        }
        this.codes = codes;
        this.dictionary = dictionary;
    }

    @Override
    public int size() {
        return codes.size();
    }

    /** Whether there is no code, or the dictionary's entry is itself missing. */
    @Override
    public boolean isNull(int row) {
        return codes.isNull(row) || dictionary.isNull(code(row));
    }

    @Override
    public boolean hasNulls() {
        return codes.hasNulls() || dictionary.hasNulls();
    }

    /** The value's place in the dictionary. */
    public int code(int row) {
        return (int) codes.integer(row);
    }

    /** The distinct values: text or integers. */
    public Column dictionary() {
        return dictionary;
    }
}
