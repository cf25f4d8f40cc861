package io.gradstream.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

/** The JSON Schema (draft 2020-12) of the configuration. */
public final class JsonSchema {
    private JsonSchema() {}

    public static String text() {
        try {
            return new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .writeValueAsString(ConfigurationLoader.BINDER.schema());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
