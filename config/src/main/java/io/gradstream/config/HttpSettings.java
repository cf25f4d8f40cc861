package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Matches;
import io.gradstream.config.yaml.OrOff;
import io.gradstream.config.yaml.Range;
import java.util.Optional;

/** The trainer's own server: dashboard, metrics, health, control. */
@Doc("The trainer's own server: dashboard, metrics, health, control.")
public record HttpSettings(
        @Doc("The address to listen on.") @Default("127.0.0.1") @Matches(pattern = Names.TEXT, words = Names.TEXT_WORDS)
        String host,

        @Doc("The port to listen on; 0 takes any free one, off runs no server.") @Default("8080") @OrOff
        Optional<@Range(min = 0, max = 65535) Integer> port,

        @Doc("The bearer token that control needs; without one control is off.") @Default("''")
        Secret token) {}
