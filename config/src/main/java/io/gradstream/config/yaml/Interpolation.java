package io.gradstream.config.yaml;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills in references such as ${NAME} and ${NAME:default} from the environment; a doubled dollar sign keeps the brace as it is. */
record Interpolation(Map<String, String> environment) {
    private static final Pattern OPENING = Pattern.compile("\\$?\\$\\{");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::([^}]*))?}");

    /** The text with every reference filled in, unless one broke a rule. */
    Optional<String> expand(String text, Consumer<String> faults) {
        StringBuilder expanded = new StringBuilder();
        Matcher opening = OPENING.matcher(text);
        Matcher reference = REFERENCE.matcher(text);
        boolean whole = true;
        int at = 0;
        while (opening.find(at)) {
            expanded.append(text, at, opening.start());
            if (opening.group().startsWith("$$")) {
                expanded.append("${");
                at = opening.end();
                continue;
            }
            reference.region(opening.start(), text.length());
            if (!reference.lookingAt()) {
                faults.accept("must refer to the environment as ${NAME} or ${NAME:default}");
                return Optional.empty();
            }
            String value = environment.get(reference.group(1));
            if (value == null && reference.group(2) == null) {
                faults.accept("must have " + reference.group(1) + " set in the environment, or a default as in ${"
                        + reference.group(1) + ":default}");
                whole = false;
            }
            expanded.append(value == null ? String.valueOf(reference.group(2)) : value);
            at = reference.end();
        }
        return whole ? Optional.of(expanded.append(text, at, text.length()).toString()) : Optional.empty();
    }
}
