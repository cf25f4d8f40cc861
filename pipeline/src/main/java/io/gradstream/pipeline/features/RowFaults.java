package io.gradstream.pipeline.features;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** The rows that cannot be learned from, each with the first thing that is wrong with it. */
final class RowFaults {
    static final String MISSING_LABEL = "missing-label";
    static final String BAD_LABEL = "bad-label";
    static final String BAD_WEIGHT = "bad-weight";
    static final String NOT_FINITE = "not-finite";
    static final String BAD_CATEGORY = "bad-category";

    private record Fault(String reason, String detail) {}

    private final BitSet rows = new BitSet();
    private final Map<Integer, Fault> faults = new HashMap<>();

    void clear() {
        if (!isEmpty()) {
            rows.clear();
            faults.clear();
        }
    }

    boolean isEmpty() {
        return faults.isEmpty();
    }

    boolean contain(int row) {
        return rows.get(row);
    }

    void add(int row, String reason, String detail) {
        rows.set(row);
        faults.putIfAbsent(row, new Fault(reason, detail));
    }

    void report(int row, Features.Rejections to) {
        Fault fault = faults.get(row);
        if (fault != null) {
            to.reject(row, fault.reason(), fault.detail());
        }
    }
}
