package io.gradstream.load;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class RoomTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.gradstream.load");

    @Test
    void thePeerKnowsNothingOfOurEngine() {
        noClasses()
                .that()
                .resideInAPackage("io.gradstream.load.peer..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.gradstream.autodiff..",
                        "io.gradstream.config..",
                        "io.gradstream.connectors..",
                        "io.gradstream.pipeline..")
                .check(CLASSES);
    }

    @Test
    void onlyThePeerAndWhatWritesDownItsAnswersSpeakToLibtorch() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.gradstream.load.peer..", "io.gradstream.load.golden..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CLASSES);
    }

    @Test
    void packagesStandOnFloors() {
        slices().matching("io.gradstream.load.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
