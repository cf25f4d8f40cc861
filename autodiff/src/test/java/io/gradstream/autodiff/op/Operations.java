package io.gradstream.autodiff.op;

import java.util.ArrayList;
import java.util.List;

/** Every operation that has samples, found by walking the sealed hierarchy. */
public final class Operations {

    private Operations() {}

    /** The records that are operations but no leaves. */
    public static List<Class<?>> all() {
        List<Class<?>> records = new ArrayList<>();
        collect(View.class, records);
        collect(Kernel.class, records);
        return records;
    }

    @SuppressWarnings("unchecked") // every operation declares samples() with this type, which the suite checks
    public static List<Sample> samples(Class<?> operation) {
        try {
            return (List<Sample>) operation.getMethod("samples").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("an operation must have public static samples: op=" + operation.getName(), e);
        }
    }

    private static void collect(Class<?> type, List<Class<?>> records) {
        if (type.isRecord()) {
            records.add(type);
            return;
        }
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            collect(permitted, records);
        }
    }
}
