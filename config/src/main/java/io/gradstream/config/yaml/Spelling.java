package io.gradstream.config.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that someone may have meant. */
final class Spelling {
    private Spelling() {}

    /** The candidate that is most like {@code text}, unless none is like it. */
    static Optional<String> nearest(String text, Collection<String> candidates) {
        String plain = plain(text);
        int tolerated = Math.max(1, plain.length() / 3);
        return candidates.stream()
                .filter(candidate -> distance(plain, plain(candidate)) <= tolerated)
                .min(Comparator.comparingInt(candidate -> distance(plain, plain(candidate))));
    }

    /** Names that differ in case, dashes and underscores alone are alike. */
    static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_\\s]", "");
    }

    /** Insertions, deletions, replacements and swaps of neighbours that lead from one text to the other (Damerau 1964, restricted). */
    static int distance(String from, String to) {
        int[] beforeLast = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = last[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(last[j], row[j - 1]));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    row[j] = Math.min(row[j], 1 + beforeLast[j - 2]);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[to.length()];
    }
}
