package io.gradstream.connectors.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.DecodedRecord;
import io.gradstream.connectors.rows.Limits;
import io.gradstream.connectors.rows.Origin;
import io.gradstream.connectors.rows.Projection;
import io.gradstream.connectors.rows.RowBlock;
import io.gradstream.connectors.rows.RowFormat;
import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.connectors.rows.UndecodableException.Reason;
import io.gradstream.connectors.rows.Wanted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * JSON rows: one object, or an array of objects.
 *
 * <p>A column that an object leaves out is null in that row. Numbers keep what they are: integers are exact up to 64 bits. A record
 * with a row that cannot be used is refused as a whole, and the exception names the row.
 */
public final class JsonFormat implements RowFormat {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NUMBER_LENGTH = 512;

    private final Limits limits;
    private final JsonFactory factory;

    public JsonFormat(Limits limits) {
        this.limits = limits;
        this.factory = JsonFactory.builder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .maxStringLength((int) Math.min(Integer.MAX_VALUE, limits.bytes()))
                        .build())
                .build();
    }

    @Override
    public DecodedRecord decode(Origin origin, ByteBuffer value, Projection projection) throws UndecodableException {
        if (!value.hasRemaining()) {
            throw new UndecodableException(Reason.EMPTY, "record has no bytes");
        }
        try (JsonParser parser = parser(value)) {
            RowBlock block = new Reading(parser, projection).block();
            return new DecodedRecord(origin, List.of(block));
        } catch (StreamConstraintsException e) {
            throw new UndecodableException(Reason.TOO_LARGE, "record must stay within limits: " + at(e), e);
        } catch (JsonProcessingException e) {
            throw new UndecodableException(Reason.CORRUPT, "record must be JSON: " + at(e), e);
        } catch (IOException e) {
            throw new UndecodableException(Reason.CORRUPT, "record must be JSON: fault=" + e.getMessage(), e);
        }
    }

    private JsonParser parser(ByteBuffer value) throws IOException {
        if (value.hasArray()) {
            return factory.createParser(value.array(), value.arrayOffset() + value.position(), value.remaining());
        }
        byte[] bytes = new byte[value.remaining()];
        value.get(value.position(), bytes);
        return factory.createParser(bytes);
    }

    private static String at(JsonProcessingException e) {
        return "fault=" + e.getOriginalMessage() + " byte="
                + (e.getLocation() == null ? -1 : e.getLocation().getByteOffset());
    }

    /** One pass over one record. */
    private final class Reading {
        private final JsonParser parser;
        private final Projection projection;
        private final List<ColumnBuilder> builders = new ArrayList<>();
        private int rows;

        Reading(JsonParser parser, Projection projection) {
            this.parser = parser;
            this.projection = projection;
            Allowance allowance = new Allowance(limits.bytes());
            for (Wanted wanted : projection.wanted()) {
                builders.add(new ColumnBuilder(wanted, allowance));
            }
        }

        RowBlock block() throws IOException, UndecodableException {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    row();
                }
            } else if (token != null) {
                row();
            }
            if (parser.nextToken() != null) {
                throw new UndecodableException(Reason.CORRUPT, "nothing may follow the rows: byte=" + position());
            }
            if (rows == 0) {
                throw new UndecodableException(Reason.EMPTY, "record has no rows");
            }
            List<Column> columns = new ArrayList<>();
            for (ColumnBuilder builder : builders) {
                columns.add(builder.build());
            }
            return new RowBlock(0, rows, columns);
        }

        private void row() throws IOException, UndecodableException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw UndecodableException.atRow(
                        rows, Reason.CORRUPT, "a row must be an object: found=" + parser.currentToken());
            }
            if (rows == limits.rows()) {
                throw new UndecodableException(
                        Reason.TOO_LARGE, "record must stay within the limit of rows: limit=" + limits.rows());
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                int position = projection.position(parser.currentName());
                parser.nextToken();
                if (position < 0) {
                    parser.skipChildren();
                } else {
                    builders.get(position).read(rows, parser);
                }
            }
            rows++;
            for (ColumnBuilder builder : builders) {
                builder.endRow(rows);
            }
        }

        private long position() {
            return parser.currentTokenLocation().getByteOffset();
        }
    }
}
