package io.gradstream.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class NetworkTest {

    @Test
    void titlesAreUnique() {
        assertThat(Network.table()).extracting(Network::title).doesNotHaveDuplicates();
    }

    @Test
    void isFoundByAPartOfItsTitleInAnyCase() {
        assertThat(Network.named("TRANSFORMER"))
                .singleElement()
                .satisfies(network -> assertThat(network.batch()).isEqualTo(64));
        assertThat(Network.named("")).isEqualTo(Network.table());
    }

    @Test
    void theCommandNamesTheTitlesWhereNoneFits() {
        StringWriter errors = new StringWriter();

        int status = io.gradstream.load.Main.run(
                new PrintWriter(new StringWriter()),
                new PrintWriter(errors, true),
                "bench",
                "step",
                "--network",
                "perceptron");

        assertThat(status).isEqualTo(2);
        assertThat(errors.toString())
                .contains("no network has this in its title: network=perceptron")
                .contains("MLP 64-128-128-1, batch 32");
    }
}
