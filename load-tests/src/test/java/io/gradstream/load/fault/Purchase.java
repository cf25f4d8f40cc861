package io.gradstream.load.fault;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One row, as values that every encoding can carry: small whole numbers, words and lists of numbers. */
record Purchase(
        @Nullable Number amount,
        @Nullable Number age,
        @Nullable String site,
        List<Integer> tags,
        @Nullable Number importance,
        @Nullable Number clicked) {

    /** The columns as a configuration names them. */
    static final String COLUMNS = """
            features:
              - {column: amount, type: numeric}
              - {column: age, type: numeric, scale: standardize}
              - {column: site, type: categorical, buckets: 50, dimension: 3}
              - {column: tags, type: bag, buckets: 50, dimension: 3}
            label: {column: clicked}
            weight: {column: importance}
            """;

    static final int SITES = 20;

    private static final String PADDING =
            "a text that nobody wants and that takes its place in memory all the same".repeat(5);

    static Purchase random(SplittableRandom random) {
        int site = random.nextInt(SITES);
        int amount = random.nextInt(4);
        return new Purchase(
                amount,
                random.nextInt(10) == 0 ? null : random.nextInt(100),
                Integer.toString(site),
                List.of(random.nextInt(30), random.nextInt(30)),
                1 + random.nextInt(3),
                amount + site % 3 > 2 ? 1 : 0);
    }

    static List<Purchase> random(SplittableRandom random, int count) {
        return IntStream.range(0, count).mapToObj(_ -> random(random)).toList();
    }

    @Nullable
    Object value(String column) {
        return switch (column) {
            case "amount" -> amount;
            case "age" -> age;
            case "site" -> site;
            case "tags" -> tags;
            case "importance" -> importance;
            case "clicked" -> clicked;
            default -> column.startsWith("padding") ? PADDING : 7;
        };
    }

    Purchase withAmount(Number value) {
        return new Purchase(value, age, site, tags, importance, clicked);
    }

    Purchase withAge(Number value) {
        return new Purchase(amount, value, site, tags, importance, clicked);
    }

    Purchase withImportance(@Nullable Number value) {
        return new Purchase(amount, age, site, tags, value, clicked);
    }

    Purchase withClicked(@Nullable Number value) {
        return new Purchase(amount, age, site, tags, importance, value);
    }
}
