package io.gradstream.autodiff.step;

import io.gradstream.autodiff.op.Embedding;
import io.gradstream.autodiff.op.Parameter;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/** The parameters of which a value sees nothing but rows by number, and where it looks them up. Their gradients follow those rows. */
final class Lookups {
    private final LinkedHashMap<String, List<Tensor>> uses = new LinkedHashMap<>();

    private Lookups() {}

    static Lookups of(Tensor output) {
        Lookups lookups = new Lookups();
        Set<String> otherwise = new HashSet<>();
        BitSet seen = new BitSet();
        seen.set(output.id());
        for (int id = output.id(); id >= 0; id--) {
            if (seen.get(id)) {
                Tensor node = output.tape().nodes().get(id);
                node.inputs().forEach(input -> seen.set(input.id()));
                lookups.add(node, otherwise);
            }
        }
        lookups.uses.keySet().removeAll(otherwise);
        return lookups;
    }

    private void add(Tensor node, Set<String> otherwise) {
        for (int i = 0; i < node.inputs().size(); i++) {
            if (node.inputs().get(i).op() instanceof Parameter parameter) {
                if (node.op() instanceof Embedding && i == 0) {
                    uses.computeIfAbsent(parameter.label(), _ -> new ArrayList<>())
                            .add(node);
                } else {
                    otherwise.add(parameter.label());
                }
            }
        }
    }

    /** The parameters that are only looked up in. */
    Set<String> tables() {
        return uses.keySet();
    }

    /** The rows that are looked up in a table, [numbers, width] each. */
    List<Tensor> rows(String table) {
        return uses.getOrDefault(table, List.of());
    }

    /** How many rows of a table can be touched at most. */
    int count(String table) {
        return rows(table).stream().mapToInt(rows -> rows.shape().dim(0)).sum();
    }
}
