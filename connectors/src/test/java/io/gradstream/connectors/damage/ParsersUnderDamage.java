package io.gradstream.connectors.damage;

import com.sun.management.ThreadMXBean;
import io.gradstream.connectors.topic.MalformedException;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** Holds a parser to its promise: damaged bytes end in the one exception or in a value, and never take more memory than they could fill. */
public final class ParsersUnderDamage {
    /** A tree of JSON nodes, messages and stack traces: bounded by the size of the document, not by what it claims. */
    private static final long OVERHEAD = 1 << 20;

    private static final long OVERHEAD_PER_BYTE = 512;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private ParsersUnderDamage() {}

    /** Something that reads a document. */
    @FunctionalInterface
    public interface Parser {
        void parse(byte[] document) throws IOException;
    }

    /** What became of all the damaged documents. */
    public record Outcome(int accepted, int refused) {}

    /** Damages a document in many ways. */
    public static Outcome survive(String what, byte[] document, int times, Parser parser) throws IOException {
        parser.parse(document);
        int accepted = 0;
        for (int seed = 0; seed < times; seed++) {
            byte[] damaged = Damage.of(document, seed);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                parser.parse(damaged);
                accepted++;
            } catch (MalformedException expected) {
                // this is what it is for
            } catch (RuntimeException | IOException | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError(what + " must not break: seed=" + seed, e);
            }
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            if (allocated > OVERHEAD + OVERHEAD_PER_BYTE * damaged.length) {
                throw new AssertionError(what + " must not believe in lengths: seed=" + seed + " bytes="
                        + damaged.length + " allocated=" + allocated);
            }
        }
        return new Outcome(accepted, times - accepted);
    }
}
