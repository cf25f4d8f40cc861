package io.gradstream.config;

import io.gradstream.config.yaml.DurationText;
import io.gradstream.config.yaml.Written;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often something happens: each so many steps, or each so much time. */
@Written(
        pattern = "[1-9][0-9]* steps?|" + DurationText.PATTERN,
        words = "a number of steps or a duration, such as 100 steps, 1 step or 10s")
public sealed interface Every {
    /** Each {@code count} optimizer steps. */
    record Steps(long count) implements Every {
        public Steps {
            if (count < 1) {
                throw new IllegalArgumentException("steps must be at least 1: count=" + count);
            }
        }

        @Override
        public String toString() {
            return count == 1 ? "1 step" : count + " steps";
        }
    }

    /** Each {@code period} of time. */
    record Time(Duration period) implements Every {
        public Time {
            if (period.toMillis() < 1) {
                throw new IllegalArgumentException("must be at least 1ms");
            }
        }

        @Override
        public String toString() {
            return DurationText.format(period);
        }
    }

    Pattern STEPS = Pattern.compile("([1-9][0-9]{0,17}) steps?");

    static Every parse(String text) {
        Matcher steps = STEPS.matcher(text);
        return steps.matches() ? new Steps(Long.parseLong(steps.group(1))) : new Time(DurationText.parse(text));
    }
}
