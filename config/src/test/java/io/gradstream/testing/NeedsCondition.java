package io.gradstream.testing;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides for {@link Needs}: run, skip with the reason, or fail because the tool was promised. */
final class NeedsCondition implements ExecutionCondition {
    private static final Map<Tool, Optional<String>> FOUND = new EnumMap<>(Tool.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<Needs> needs = AnnotationSupport.findAnnotation(context.getElement(), Needs.class);
        if (needs.isEmpty()) {
            return ConditionEvaluationResult.enabled("needs no tool");
        }
        return decide(needs.get().value(), System.getenv("GRADSTREAM_REQUIRE"));
    }

    static ConditionEvaluationResult decide(Tool[] tools, @org.jspecify.annotations.Nullable String require) {
        Set<String> required = require == null
                ? Set.of()
                : Arrays.stream(require.split("[, ]+")).collect(Collectors.toUnmodifiableSet());
        for (Tool tool : tools) {
            Optional<String> missing = whyMissing(tool);
            if (missing.isEmpty()) {
                continue;
            }
            String reason = "needs " + tool.tag() + ": " + missing.get() + "; install " + tool.install();
            if (required.contains(tool.tag())) {
                throw new IllegalStateException("GRADSTREAM_REQUIRE promises a tool that is missing: " + reason);
            }
            return ConditionEvaluationResult.disabled(reason);
        }
        return ConditionEvaluationResult.enabled("tools are present");
    }

    private static synchronized Optional<String> whyMissing(Tool tool) {
        return FOUND.computeIfAbsent(tool, Tool::whyMissing);
    }
}
