package io.gradstream.docker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ComposeFileTest {
    private static final Path FOLDER = Path.of("").toAbsolutePath();

    @Test
    void mountsOnlyWhatIsThere() throws IOException {
        for (Map<?, ?> service : services()) {
            for (Object volume : list(service, "volumes")) {
                String source = volume.toString().split(":", 2)[0];
                if (source.startsWith(".")) {
                    assertThat(FOLDER.resolve(source)).as("volume %s", volume).exists();
                }
            }
        }
    }

    @Test
    void givesEveryPortToThisMachineOnly() throws IOException {
        for (Map<?, ?> service : services()) {
            for (Object port : list(service, "ports")) {
                assertThat(port.toString()).startsWith("127.0.0.1:");
            }
        }
    }

    @Test
    void trainerListensWherePrometheusScrapesIt() throws IOException {
        Configuration configuration =
                ConfigurationLoader.load(FOLDER.resolve("compose/clicks.yaml"), List.of(), Map.of());

        assertThat(configuration.http().host()).isEqualTo("0.0.0.0");
        assertThat(Files.readString(FOLDER.resolve("compose/prometheus.yaml"))).contains("trainer:8080");
    }

    private static List<?> list(Map<?, ?> service, String name) {
        return service.get(name) instanceof List<?> list ? list : List.of();
    }

    private static List<Map<?, ?>> services() throws IOException {
        String yaml = Files.readString(FOLDER.resolve("compose.yaml"));
        Map<?, ?> compose = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
        return ((Map<?, ?>) requireNonNull(compose.get("services")))
                .values().stream()
                        .<Map<?, ?>>map(service -> (Map<?, ?>) service)
                        .toList();
    }
}
