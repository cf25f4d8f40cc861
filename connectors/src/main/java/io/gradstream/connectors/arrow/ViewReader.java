package io.gradstream.connectors.arrow;

import io.gradstream.connectors.rows.Offsets;
import io.gradstream.connectors.rows.TextColumn;
import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.connectors.rows.Validity;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Gathers text that views refer to into one piece.
 *
 * <pre>
 *  up to 12 bytes:  length 4 | the bytes 12
 *  more:            length 4 | prefix 4 | buffer 4 | offset 4
 * </pre>
 */
final class ViewReader {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int VIEW = 16;
    private static final int INLINE = 12;

    private final Body body;
    private final Budget budget;

    ViewReader(Body body, Budget budget) {
        this.body = body;
        this.budget = budget;
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Piece(byte[] array, int at, int length) {}

    /**
     * The text of one array.
     *
     * @param buffers how many buffers with text follow the one with the views
     */
    TextColumn read(int size, Validity validity, int buffers) throws UndecodableException {
        body.open();
        if (body.length < (long) size * VIEW) {
            throw Faults.corrupt("buffers must hold their array: buffer=views bytes=" + body.length + " needed="
                    + (long) size * VIEW);
        }
        byte[] views = body.array;
        int start = body.at;
        Piece[] pieces = new Piece[buffers];
        for (int i = 0; i < buffers; i++) {
            body.open();
            pieces[i] = new Piece(body.array, body.at, body.length);
        }
        byte[] ends = budget.allocate((size + 1L) * Integer.BYTES);
        long total = 0;
        for (int row = 0; row < size; row++) {
            total += length(views, start, row);
            if (total > Integer.MAX_VALUE) {
                throw Faults.tooLarge("text of a batch must stay below two gibibytes");
            }
            INT.set(ends, (row + 1) * Integer.BYTES, (int) total);
        }
        byte[] text = budget.allocate(total);
        for (int row = 0; row < size; row++) {
            int to = (int) INT.get(ends, row * Integer.BYTES);
            copy(views, start + row * VIEW, length(views, start, row), pieces, text, to);
        }
        return new TextColumn(text, 0, text.length, Offsets.of(ends, 0, size, false), validity);
    }

    private static int length(byte[] views, int start, int row) throws UndecodableException {
        int length = (int) INT.get(views, start + row * VIEW);
        if (length < 0) {
            throw Faults.corrupt("text must have a length: length=" + length);
        }
        return length;
    }

    private static void copy(byte[] views, int view, int length, Piece[] pieces, byte[] text, int to)
            throws UndecodableException {
        if (length <= INLINE) {
            System.arraycopy(views, view + 4, text, to, length);
            return;
        }
        int index = (int) INT.get(views, view + 8);
        int offset = (int) INT.get(views, view + 12);
        if (index < 0 || index >= pieces.length) {
            throw Faults.corrupt("views must refer to a buffer: buffer=" + index + " buffers=" + pieces.length);
        }
        Piece piece = pieces[index];
        if (offset < 0 || length > piece.length() || offset > piece.length() - length) {
            throw Faults.corrupt("views must lie within their buffer: offset=" + offset + " length=" + length
                    + " bytes=" + piece.length());
        }
        System.arraycopy(piece.array(), piece.at() + offset, text, to, length);
    }
}
