package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.op.Differentiable;
import io.gradstream.autodiff.op.Emitter;
import io.gradstream.autodiff.op.Op;
import io.gradstream.autodiff.op.Value;
import java.lang.StackWalker.StackFrame;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The source line that asked for an operation; read from the frame only when somebody wants to see it. */
public final class Site {

    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final List<Class<?>> ENGINE =
            List.of(Emitter.class, Value.class, Op.class, Differentiable.class, Site.class);

    private static final String LAYERS = "io.gradstream.autodiff.nn";
    private static final String STEP = "io.gradstream.autodiff.step";

    private final @Nullable StackFrame frame;

    private Site(@Nullable StackFrame frame) {
        this.frame = frame;
    }

    /** The innermost line on the stack that is not the engine's own: a layer's only where no user's model asked for the layer. */
    static Site here() {
        return new Site(WALKER.walk(frames -> asking(
                frames.filter(frame -> !isEngine(frame.getDeclaringClass())).iterator())));
    }

    private static @Nullable StackFrame asking(Iterator<StackFrame> outwards) {
        if (!outwards.hasNext()) {
            return null;
        }
        StackFrame innermost = outwards.next();
        StackFrame frame = innermost;
        while (isLayer(frame.getDeclaringClass())) {
            if (!outwards.hasNext()) {
                return innermost;
            }
            frame = outwards.next();
        }
        return frame.getDeclaringClass().getPackageName().equals(STEP) ? innermost : frame;
    }

    /** Whether it is a layer's, or of the JDK's, through which layers call themselves. */
    private static boolean isLayer(Class<?> caller) {
        return caller.getPackageName().equals(LAYERS) || caller.getModule().equals(Object.class.getModule());
    }

    private static boolean isEngine(Class<?> caller) {
        for (Class<?> type : ENGINE) {
            if (type.isAssignableFrom(caller)) {
                return true;
            }
        }
        return false;
    }

    /** File and line, as {@code Model.java:42}. */
    @Override
    public String toString() {
        if (frame == null) {
            return "unknown";
        }
        StackTraceElement element = frame.toStackTraceElement();
        return element.getFileName() + ":" + element.getLineNumber();
    }
}
