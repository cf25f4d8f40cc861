package io.gradstream.pipeline.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;

/** Writes clicks the way any producer would: as Arrow streams, with Arrow's own library. */
final class ClickMessages implements AutoCloseable {
    private static final String[] DEVICES = {"phone", "tablet", "laptop", "television"};

    private final BufferAllocator allocator = new RootAllocator();
    private final Float4Vector age = new Float4Vector("age", allocator);
    private final Float4Vector price = new Float4Vector("price", allocator);
    private final Float4Vector hour = new Float4Vector("hour", allocator);
    private final VarCharVector site = new VarCharVector("site", allocator);
    private final VarCharVector device = new VarCharVector("device", allocator);
    private final BitVector clicked = new BitVector("clicked", allocator);
    private final VectorSchemaRoot root = VectorSchemaRoot.of(age, price, hour, site, device, clicked);

    byte[] write(Clicks clicks) {
        List.of(age, price, hour, site, device, clicked).forEach(vector -> vector.setInitialCapacity(clicks.size()));
        root.allocateNew();
        for (int i = 0; i < clicks.size(); i++) {
            Click click = clicks.clicks()[i];
            age.setSafe(i, click.age());
            price.setSafe(i, click.price());
            hour.setSafe(i, click.hour());
            site.setSafe(i, ("site-" + click.site()).getBytes(StandardCharsets.UTF_8));
            device.setSafe(i, DEVICES[click.device()].getBytes(StandardCharsets.UTF_8));
            clicked.setSafe(i, clicks.clicked()[i] ? 1 : 0);
        }
        root.setRowCount(clicks.size());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ArrowStreamWriter writer = new ArrowStreamWriter(root, null, bytes)) {
            writer.writeBatch();
            writer.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        root.close();
        allocator.close();
    }
}
