/**
 * Kafka as a reactive stream: records in as a demand-driven publisher, publications out as transactions, topics with the
 * policies they need.
 */
@NullMarked
package io.gradstream.connectors.kafka;

import org.jspecify.annotations.NullMarked;
