package io.gradstream.pipeline.checkpoint;

import io.gradstream.connectors.topic.NamedTensor;
import java.util.ArrayList;
import java.util.List;

/** The tensors of a state under one roof, its parts told apart by the prefixes of their names. */
final class StateTensors {
    private StateTensors() {}

    static List<NamedTensor> of(TrainerState state) {
        List<NamedTensor> all = new ArrayList<>();
        all.addAll(Section.WEIGHTS.name(state.weights()));
        all.addAll(Section.MODEL.name(state.model()));
        all.addAll(Section.FEATURES.name(state.features()));
        all.addAll(Section.PROGRESS.name(state.progress()));
        all.addAll(Section.GUARD.name(state.guard()));
        return all;
    }

    static TrainerState state(CheckpointManifest manifest, List<NamedTensor> all) {
        return new TrainerState(
                manifest.model(),
                manifest.step(),
                manifest.version(),
                manifest.rows(),
                manifest.positions(),
                manifest.topicIds(),
                manifest.journalStart(),
                manifest.configuration(),
                Section.WEIGHTS.of(all),
                Section.MODEL.of(all),
                Section.FEATURES.of(all),
                Section.PROGRESS.of(all),
                Section.GUARD.of(all));
    }

    private enum Section {
        WEIGHTS("weights/"),
        MODEL("model/"),
        FEATURES("features/"),
        PROGRESS("progress/"),
        GUARD("guard/");

        private final String prefix;

        Section(String prefix) {
            this.prefix = prefix;
        }

        List<NamedTensor> name(List<NamedTensor> tensors) {
            return tensors.stream()
                    .map(tensor ->
                            new NamedTensor(prefix + tensor.name(), tensor.dtype(), tensor.shape(), tensor.bytes()))
                    .toList();
        }

        List<NamedTensor> of(List<NamedTensor> all) {
            return all.stream()
                    .filter(tensor -> tensor.name().startsWith(prefix))
                    .map(tensor -> new NamedTensor(
                            tensor.name().substring(prefix.length()), tensor.dtype(), tensor.shape(), tensor.bytes()))
                    .toList();
        }
    }
}
