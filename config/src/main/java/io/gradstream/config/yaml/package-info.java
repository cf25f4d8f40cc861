/**
 * Binds YAML to records and back: the components and annotations of a record are the only list of its keys, read by the loader, the JSON
 * Schema and the printer of the effective configuration alike.
 */
@NullMarked
package io.gradstream.config.yaml;

import org.jspecify.annotations.NullMarked;
