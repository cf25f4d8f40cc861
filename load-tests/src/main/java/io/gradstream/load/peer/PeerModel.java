package io.gradstream.load.peer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** A linear model (no hidden layer) or a multi-layer perceptron over concatenated inputs. */
public record PeerModel(List<PeerInput> inputs, List<Integer> hidden, PeerActivation activation, int outputs) {
    public PeerModel {
        inputs = List.copyOf(inputs);
        hidden = List.copyOf(hidden);
    }

    /** How many numeric columns a row has. */
    public int denseColumns() {
        return inputs.stream()
                .mapToInt(input -> input instanceof PeerInput.Dense dense ? dense.width() : 0)
                .sum();
    }

    int inputWidth() {
        return inputs.stream().mapToInt(PeerInput::width).sum();
    }

    int layers() {
        return hidden.size() + 1;
    }

    String layer(int index) {
        return hidden.isEmpty() ? "linear" : "mlp." + index;
    }

    /** The shape of every parameter, under its name. */
    public SequencedMap<String, long[]> parameters() {
        SequencedMap<String, long[]> parameters = new LinkedHashMap<>();
        for (PeerInput input : inputs) {
            switch (input) {
                case PeerInput.Dense dense -> {}
                case PeerInput.Table table ->
                    parameters.put(table(table.name()), new long[] {table.buckets(), table.width()});
                case PeerInput.Bag bag -> parameters.put(table(bag.name()), new long[] {bag.buckets(), bag.width()});
            }
        }
        List<Integer> widths = new ArrayList<>();
        widths.add(inputWidth());
        widths.addAll(hidden);
        widths.add(outputs);
        for (int i = 0; i < layers(); i++) {
            parameters.put(layer(i) + ".weight", new long[] {widths.get(i + 1), widths.get(i)});
            parameters.put(layer(i) + ".bias", new long[] {widths.get(i + 1)});
        }
        return parameters;
    }

    boolean isTable(String parameter) {
        return parameter.startsWith("embedding.");
    }

    static String table(String column) {
        return "embedding." + column + ".weight";
    }
}
