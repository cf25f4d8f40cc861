package io.gradstream.autodiff.device.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;

/**
 * A class copied once per function it is to run.
 *
 * <p>A loop shared by many functions calls whichever it is given, and a Vector API function that the compiler does not inline allocates
 * every vector it touches. So each function gets its own copy of the loop: a hidden class made from the same bytes, which holds the
 * function as a constant. The compiler then sees one loop with one body.
 *
 * <p>A copy is reached by a method handle, and is one of the {@link Outlined} methods if that is kept in an ordinary field.
 */
final class Specialized {
    private static final String LOOP = "vectors";

    private Specialized() {}

    /** The static method {@code vectors} of a copy of the template, which reads the function with {@link #function} into a static final field. */
    static MethodHandle vectors(Class<?> template, MethodType type, Object function) {
        try (InputStream bytes = template.getResourceAsStream(template.getSimpleName() + ".class")) {
            if (bytes == null) {
                throw new IllegalStateException("class file must be readable: class=" + template.getName());
            }
            Lookup copy = MethodHandles.lookup().defineHiddenClassWithClassData(bytes.readAllBytes(), function, true);
            return copy.findStatic(copy.lookupClass(), LOOP, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "loop template must have its loop: class=" + template.getName() + " method=" + LOOP + type, e);
        }
    }

    /** The function of the copy whose lookup this is. */
    static <F> F function(Lookup copy, Class<F> type) {
        try {
            return MethodHandles.classData(copy, ConstantDescs.DEFAULT_NAME, type);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(
                    "loop must be a copy that has its function: class="
                            + copy.lookupClass().getName(),
                    e);
        }
    }
}
