/** What goes out to topics, and readers for each: weights, manifests, metrics, dead letters, the journal. */
@NullMarked
package io.gradstream.connectors.topic;

import org.jspecify.annotations.NullMarked;
