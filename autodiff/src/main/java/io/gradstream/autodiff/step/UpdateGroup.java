package io.gradstream.autodiff.step;

import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Neighbours in a block that one operation updates: the parameters of a {@link ParameterGroup}, or those that belong to none.
 *
 * @param from the first of them
 * @param count how many they are
 */
record UpdateGroup(Optional<ParameterGroup> group, OptimizerUpdate update, int from, int count) {

    /** The groups of a block whose parameters stand {@link #inOrder}. */
    static List<UpdateGroup> of(OptimizerSpec optimizer, List<ParameterGroup> groups, ParameterBlock block) {
        List<UpdateGroup> updates = new ArrayList<>();
        List<ParameterSpec> parameters = block.parameters();
        int to;
        for (int from = 0; from < parameters.size(); from = to) {
            Optional<ParameterGroup> group = find(groups, parameters.get(from).name());
            to = from + 1;
            while (to < parameters.size()
                    && find(groups, parameters.get(to).name()).equals(group)) {
                to++;
            }
            List<Segment> segments = block.segments().list().subList(from, to);
            updates.add(new UpdateGroup(
                    group,
                    OptimizerUpdates.of(
                            optimizer(optimizer, group), parameters.subList(from, to), new Segments(segments)),
                    from,
                    to - from));
        }
        return List.copyOf(updates);
    }

    /** Parameters so that those of a group are neighbours, else in their order. */
    static List<ParameterSpec> inOrder(List<ParameterSpec> parameters, List<ParameterGroup> groups) {
        return parameters.stream()
                .sorted(Comparator.comparingInt(parameter ->
                        find(groups, parameter.name()).map(groups::indexOf).orElse(-1)))
                .toList();
    }

    /** The optimizer as a group has it. */
    static OptimizerSpec optimizer(OptimizerSpec optimizer, Optional<ParameterGroup> group) {
        return group.filter(own -> own.weightDecay().isPresent())
                .map(own -> optimizer.withWeightDecay(own.weightDecay().getAsDouble()))
                .orElse(optimizer);
    }

    /** The first group that a name matches. */
    static Optional<ParameterGroup> find(List<ParameterGroup> groups, String name) {
        return groups.stream().filter(group -> group.matches(name)).findFirst();
    }

    /** A model's parameters, of which groups may freeze some. */
    static List<ParameterSpec> freeze(List<ParameterSpec> parameters, List<ParameterGroup> groups) {
        for (ParameterGroup group : groups) {
            if (parameters.stream().noneMatch(parameter -> group.matches(parameter.name()))) {
                throw new IllegalArgumentException("a group must match a parameter: match=" + group.match()
                        + " parameters="
                        + parameters.stream().map(ParameterSpec::name).toList());
            }
        }
        return parameters.stream().map(parameter -> freeze(parameter, groups)).toList();
    }

    private static ParameterSpec freeze(ParameterSpec parameter, List<ParameterGroup> groups) {
        boolean freezes =
                find(groups, parameter.name()).filter(ParameterGroup::frozen).isPresent();
        return freezes && parameter.kind() == ParameterSpec.Kind.TRAINED
                ? new ParameterSpec(
                        parameter.name(), parameter.shape(), parameter.initializer(), ParameterSpec.Kind.FROZEN)
                : parameter;
    }
}
