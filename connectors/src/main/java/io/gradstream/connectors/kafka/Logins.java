package io.gradstream.connectors.kafka;

import java.util.Map;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

/**
 * Looks at what clients are told of logging in, before they are. Kafka's own parser quotes the word at which it stumbles, and that may
 * be the password.
 */
public final class Logins {
    private Logins() {}

    /**
     * Checks the login among some properties, if there is one.
     *
     * @throws LoginException without a cause and without a word of the login
     */
    public static void check(Map<String, ?> properties) {
        Object login = properties.get(SaslConfigs.SASL_JAAS_CONFIG);
        if (login == null) {
            return;
        }
        try {
            JaasContext.loadClientContext(Map.of(SaslConfigs.SASL_JAAS_CONFIG, new Password(login.toString())));
        } catch (RuntimeException e) {
            throw new LoginException("a login must be: MODULE required KEY=\"VALUE\" KEY=\"VALUE\"; with the semicolon:"
                    + " key=kafka.properties.sasl.jaas.config");
        }
    }
}
