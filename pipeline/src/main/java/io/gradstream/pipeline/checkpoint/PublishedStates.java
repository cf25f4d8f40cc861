package io.gradstream.pipeline.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradstream.connectors.topic.Dtype;
import io.gradstream.connectors.topic.MalformedException;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.PublishedModel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a state travels on a topic of its own: as a version like those of the weights, whose tensors are those of the state and one more that
 * holds, as JSON, what is not a tensor.
 */
public final class PublishedStates {
    private static final Logger log = LoggerFactory.getLogger(PublishedStates.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ABOUT = "state";

    private PublishedStates() {}

    public static List<NamedTensor> tensors(TrainerState state) {
        try {
            byte[] about = JSON.writeValueAsBytes(CheckpointManifest.of(state, "", ""));
            List<NamedTensor> tensors = new ArrayList<>(StateTensors.of(state));
            tensors.add(new NamedTensor(ABOUT, Dtype.U8, new int[] {about.length}, ByteBuffer.wrap(about)));
            return tensors;
        } catch (JacksonException e) {
            throw new IllegalStateException("a state can be described", e);
        }
    }

    /** The state, or nothing if what lies under sound checksums is none. */
    public static Optional<TrainerState> state(PublishedModel version) {
        try {
            NamedTensor about = version.tensors().get(ABOUT);
            if (about == null) {
                throw new MalformedException("a state must say what it is: tensors="
                        + version.tensors().keySet());
            }
            byte[] json = new byte[about.bytes().remaining()];
            about.bytes().duplicate().get(json);
            return Optional.of(StateTensors.state(
                    CheckpointManifest.parse(json),
                    List.copyOf(version.tensors().values())));
        } catch (MalformedException e) {
            log.warn(
                    "a state on the topic is passed over: version={} reason={}",
                    version.manifest().version(),
                    e.getMessage());
            return Optional.empty();
        }
    }
}
