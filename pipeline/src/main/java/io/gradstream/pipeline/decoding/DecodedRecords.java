package io.gradstream.pipeline.decoding;

import java.util.List;

/**
 * Successive records of one partition.
 *
 * @param acknowledge tells the source that all of them are done for good
 */
public record DecodedRecords(List<Decoded> records, Runnable acknowledge) {
    public DecodedRecords {
        records = List.copyOf(records);
    }
}
