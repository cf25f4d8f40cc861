package io.gradstream.connectors.arrow;

import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.RowBlock;
import io.gradstream.connectors.rows.UndecodableException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.RecordBatch;
import org.jspecify.annotations.Nullable;

/** Collects the blocks of a message from its batches, in whatever way these were found. */
final class Batches {
    private final byte[] message;
    private final Budget budget;
    private final Selection selection;
    private final Dictionaries dictionaries;
    private final List<RowBlock> blocks = new ArrayList<>(1);
    private int rows;

    Batches(byte[] message, Budget budget, Selection selection, Dictionaries dictionaries) {
        this.message = message;
        this.budget = budget;
        this.selection = selection;
        this.dictionaries = dictionaries;
    }

    List<RowBlock> blocks() {
        return blocks;
    }

    void add(@Nullable RecordBatch batch, int bodyStart, int bodySize) throws UndecodableException {
        if (batch == null) {
            throw Faults.corrupt("record batch must be there");
        }
        budget.takeRows(batch.length());
        int length = (int) batch.length();
        Body body = new Body(batch, message, bodyStart, bodySize, budget);
        List<Column> columns = new BatchReader(batch, body, budget, dictionaries).read(selection, length);
        if (length > 0) {
            blocks.add(new RowBlock(rows, length, columns));
            rows += length;
        }
    }

    void add(@Nullable DictionaryBatch batch, int bodyStart, int bodySize) throws UndecodableException {
        RecordBatch data = batch == null ? null : batch.data();
        if (batch == null || data == null) {
            throw Faults.corrupt("dictionary batch must be there");
        }
        Selection.Dictionary dictionary = selection.dictionary(batch.id());
        if (!dictionary.wanted()) {
            return;
        }
        if (data.length() < 0 || data.length() > Integer.MAX_VALUE) {
            throw Faults.corrupt("a dictionary must have a length: entries=" + data.length());
        }
        Body body = new Body(data, message, bodyStart, bodySize, budget);
        Column values = new BatchReader(data, body, budget, dictionaries)
                .readDictionary(dictionary.values(), (int) data.length());
        if (batch.isDelta()) {
            dictionaries.append(batch.id(), values);
        } else {
            dictionaries.put(batch.id(), values);
        }
    }
}
