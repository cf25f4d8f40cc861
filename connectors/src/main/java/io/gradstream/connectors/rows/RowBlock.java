package io.gradstream.connectors.rows;

import java.util.List;

/**
 * Consecutive rows of one record, by column.
 *
 * @param firstRow the number of the block's first row, counted within the record
 * @param columns one per wanted column, in the order of the projection
 */
public record RowBlock(int firstRow, int rows, List<Column> columns) {
    public RowBlock {
        columns = List.copyOf(columns);
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).size() != rows) {
                throw new IllegalArgumentException("columns must have as many values as there are rows: column=" + i
                        + " values=" + columns.get(i).size() + " rows=" + rows);
            }
        }
    }

    /** The column at this position of the projection. */
    public Column column(int projected) {
        return columns.get(projected);
    }
}
