package io.gradstream.connectors.kafka;

import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.IllegalSaslStateException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.jspecify.annotations.Nullable;

/** What to look at when a broker does not let somebody in, or in but not at something. */
public final class SecurityAdvice {
    private static final String PROPERTIES = "look at kafka.properties: ";

    private SecurityAdvice() {}

    /** Advice for the first cause that has to do with security, if any has. */
    public static Optional<String> of(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            String advice = advice(cause);
            if (advice != null) {
                return Optional.of(advice);
            }
        }
        return Optional.empty();
    }

    private static @Nullable String advice(Throwable cause) {
        return switch (cause) {
            case UnsupportedSaslMechanismException _, IllegalSaslStateException _ ->
                PROPERTIES + "security.protocol and sasl.mechanism must be what the broker's listener speaks";
            case SaslAuthenticationException _ ->
                PROPERTIES
                        + "sasl.jaas.config must hold a user and password that the broker knows, for this sasl.mechanism";
            case SslAuthenticationException _, SSLException _ ->
                PROPERTIES
                        + "ssl.truststore.location must hold who signed the broker's certificate, and where the broker asks for"
                        + " one ssl.keystore.location a certificate it trusts";
            case TopicAuthorizationException _ ->
                "the broker's access list must let this principal describe, read and write its topics";
            case GroupAuthorizationException e ->
                "the broker's access list must let this principal read the group: group=" + e.groupId();
            case TransactionalIdAuthorizationException _ ->
                "the broker's access list must let this principal write and describe the transactional id, publish.transactionalId";
            case ClusterAuthorizationException _ ->
                "the broker's access list must let this principal do this on the cluster";
            case AuthorizationException _ -> "the broker's access list must let this principal do this";
            default -> null;
        };
    }
}
