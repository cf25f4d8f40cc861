package io.gradstream.pipeline.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.pipeline.demo.Demo;
import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard of a demo that runs, in a browser. {@code -Dgradstream.screenshots=FOLDER} keeps what it looked like. */
@Tag("browser")
@Needs(Tool.BROWSER)
class DashboardBrowserTest {
    private static final String ROWS =
            "(Number(document.getElementById('figure-rows').textContent.replaceAll(',', '')) || 0)";

    @Test
    void showsNumbersAsTheyArrive(@TempDir Path profile) throws Exception {
        try (Demo demo = new Demo(OptionalLong.empty(), "0", _ -> {});
                Chromium browser = Chromium.open(profile)) {
            Thread training = Thread.ofPlatform().start(demo::run);
            browser.show(demo.dashboard().orElseThrow());
            browser.waitUntil(ROWS + " > 5000");
            double before = browser.ask(ROWS).asDouble();
            browser.waitUntil(ROWS + " > " + before);

            assertThat(browser.ask("document.title").asText()).isEqualTo("demo · Gradstream");
            browser.waitUntil("document.getElementById('state').textContent === 'training'");
            assertThat(browser.ask("document.querySelectorAll('#charts figure').length")
                            .asInt())
                    .isEqualTo(6);
            browser.waitUntil(
                    "[...document.querySelectorAll('#charts figure')].every(each => /L/.test(each.querySelector('.curve').getAttribute('d')))");
            assertThat(browser.ask("document.querySelector('#charts figure').getAttribute('aria-label')")
                            .asText())
                    .matches("Loss: of a step 0\\.\\d+, progressive 0\\.\\d+ at .*");
            assertThat(browser.ask(
                                    "[...document.querySelectorAll('#layers tbody th')].map(each => each.textContent).join()")
                            .asText())
                    .contains("mlp.0.weight", "embedding.site.weight");
            assertThat(browser.faults()).isEmpty();

            keep(browser, "light");
            browser.prefer("dark");
            keep(browser, "dark");
            demo.stop();
            training.join();
            browser.waitUntil("document.getElementById('state').textContent === 'ended'");
        }
    }

    private static void keep(Chromium browser, String name) throws Exception {
        String folder = System.getProperty("gradstream.screenshots", "");
        if (!folder.isEmpty()) {
            Files.write(Path.of(folder, "dashboard-" + name + ".png"), browser.picture());
        }
    }
}
