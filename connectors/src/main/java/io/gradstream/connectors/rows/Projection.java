package io.gradstream.connectors.rows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The columns that a reader wants, in the order in which it will ask for them. */
public final class Projection {
    private final List<Wanted> wanted;
    private final Map<String, Integer> positions = new HashMap<>();

    public Projection(List<Wanted> wanted) {
        this.wanted = List.copyOf(wanted);
        for (int i = 0; i < this.wanted.size(); i++) {
            String name = this.wanted.get(i).name();
            if (positions.put(name, i) != null) {
                throw new IllegalArgumentException("a column must be wanted only once: name=" + name);
            }
        }
    }

    public static Projection of(Wanted... wanted) {
        return new Projection(List.of(wanted));
    }

    public List<Wanted> wanted() {
        return wanted;
    }

    public Wanted wanted(int position) {
        return wanted.get(position);
    }

    public int size() {
        return wanted.size();
    }

    /** The position of a column in {@link RowBlock#column}, or -1 if nobody wants it. */
    public int position(String name) {
        return positions.getOrDefault(name, -1);
    }

    @Override
    public String toString() {
        return "Projection" + wanted;
    }
}
