package io.gradstream.connectors.rows;

import java.util.List;

/** The wanted columns of one record, as the blocks in which they came. */
public record DecodedRecord(Origin origin, List<RowBlock> blocks) {
    public DecodedRecord {
        blocks = List.copyOf(blocks);
        int expected = 0;
        for (RowBlock block : blocks) {
            if (block.firstRow() != expected) {
                throw new IllegalArgumentException(
                        "blocks must follow each other: expected=" + expected + " firstRow=" + block.firstRow());
            }
            expected += block.rows();
        }
    }

    /** All rows of the record. */
    public int rows() {
        if (blocks.isEmpty()) {
            return 0;
        }
        RowBlock last = blocks.getLast();
        return last.firstRow() + last.rows();
    }
}
