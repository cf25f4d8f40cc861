package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.op.Differentiable;
import io.gradstream.autodiff.op.Emitter;
import io.gradstream.autodiff.op.Op;
import io.gradstream.autodiff.op.Value;
import java.lang.StackWalker.StackFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The source line that asked for an operation; read from the frame only when somebody wants to see it. */
public final class Site {

    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final List<Class<?>> ENGINE =
            List.of(Emitter.class, Value.class, Op.class, Differentiable.class, Site.class);

    private final @Nullable StackFrame frame;

    private Site(@Nullable StackFrame frame) {
        this.frame = frame;
    }

    /** The innermost line on the stack that is not the engine's own. */
    static Site here() {
        return new Site(WALKER.walk(frames -> frames.filter(frame -> !isEngine(frame.getDeclaringClass()))
                .findFirst()
                .orElse(null)));
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
