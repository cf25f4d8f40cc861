package io.gradstream.connectors.topic;

import java.util.Map;

/**
 * A version of a model, complete and with every checksum verified.
 *
 * @param tensors by name, in the order of the manifest, put together from their slices
 */
public record PublishedModel(Manifest manifest, Map<String, NamedTensor> tensors) {}
