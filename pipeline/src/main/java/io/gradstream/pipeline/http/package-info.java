/** The trainer's own server: dashboard, metrics, health, status, records as they are made, control. */
@NullMarked
package io.gradstream.pipeline.http;

import org.jspecify.annotations.NullMarked;
