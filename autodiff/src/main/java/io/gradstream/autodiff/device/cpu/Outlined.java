package io.gradstream.autodiff.device.cpu;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;

/**
 * Methods that the compiler translates by themselves.
 *
 * <p>What is inlined into one compilation shares a budget. Functions of the Vector API are inlined whatever they cost, but when the
 * neighbours of a loop have spent the budget, our own functions in it are called instead, and every vector that passes is an object on
 * the heap. So a loop whose functions take or give vectors is reached by a method handle that is kept in an ordinary field: the compiler
 * does not know which one it is and cannot inline it anywhere. Every other loop uses the Vector API alone, and no vector passes.
 */
final class Outlined {
    private Outlined() {}

    /** A method of an object, which the lookup can see. */
    static MethodHandle method(Lookup lookup, Object receiver, String name, MethodType type) {
        try {
            return lookup.bind(receiver, name, type);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "class must have the method: class=" + receiver.getClass().getName() + " method=" + name + type, e);
        }
    }

    /** What such a method has thrown, as what it can be: loops declare nothing. */
    static RuntimeException unexpected(Throwable thrown) {
        return switch (thrown) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> new IllegalStateException("a loop throws nothing of its own", thrown);
        };
    }
}
