package io.gradstream.pipeline;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between rooms, as far as they are seen from here, and the floors of this one. */
class FloorsTest {
    private static final String ROOT = "io.gradstream.pipeline";

    private final JavaClasses all = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.gradstream");

    @Test
    void standOnEachOther() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
                .layer("cli")
                .definedBy(ROOT + ".cli..")
                .layer("demo")
                .definedBy(ROOT + ".demo..")
                .layer("http")
                .definedBy(ROOT + ".http..")
                .layer("Pipeline")
                .definedBy(ROOT)
                .layer("recovery")
                .definedBy(ROOT + ".recovery..")
                .layer("trainer")
                .definedBy(ROOT + ".trainer..")
                .layer("guard")
                .definedBy(ROOT + ".guard..")
                .layer("publish")
                .definedBy(ROOT + ".publish..")
                .layer("checkpoint")
                .definedBy(ROOT + ".checkpoint..")
                .layer("batching")
                .definedBy(ROOT + ".batching..")
                .layer("decoding")
                .definedBy(ROOT + ".decoding..")
                .layer("features")
                .definedBy(ROOT + ".features..")
                .layer("progress")
                .definedBy(ROOT + ".progress..")
                .layer("operation")
                .definedBy(ROOT + ".operation..")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("demo")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("http")
                .mayOnlyBeAccessedByLayers("cli", "demo")
                .whereLayer("Pipeline")
                .mayOnlyBeAccessedByLayers("cli", "demo")
                .whereLayer("recovery")
                .mayOnlyBeAccessedByLayers("Pipeline", "cli")
                .whereLayer("trainer")
                .mayOnlyBeAccessedByLayers("recovery", "Pipeline")
                .whereLayer("guard")
                .mayOnlyBeAccessedByLayers("trainer", "Pipeline")
                .whereLayer("publish")
                .mayOnlyBeAccessedByLayers("trainer", "Pipeline", "cli")
                .whereLayer("checkpoint")
                .mayOnlyBeAccessedByLayers("publish", "trainer", "recovery", "Pipeline", "cli")
                .whereLayer("batching")
                .mayOnlyBeAccessedByLayers("publish", "trainer", "recovery", "Pipeline")
                .whereLayer("decoding")
                .mayOnlyBeAccessedByLayers("batching", "Pipeline")
                .whereLayer("features")
                .mayOnlyBeAccessedByLayers("Pipeline")
                .whereLayer("progress")
                .mayOnlyBeAccessedByLayers("guard", "trainer", "Pipeline")
                .check(all);
    }

    @Test
    void haveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(all);
    }

    @Test
    void leaveTheRoomsBelowAlone() {
        noClasses()
                .that(resideInAPackage("io.gradstream.autodiff..")
                        .or(resideInAPackage("io.gradstream.config.."))
                        .or(resideInAPackage("io.gradstream.connectors.."))
                        .or(resideInAPackage("io.gradstream.gpu..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "..")
                .check(all);
        noClasses()
                .that(resideInAPackage("io.gradstream.connectors..").or(resideInAPackage("io.gradstream.config..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.gradstream.autodiff..")
                .check(all);
        noClasses()
                .that(resideInAPackage("io.gradstream.autodiff.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.gradstream.config..", "io.gradstream.connectors..", "org.apache.kafka..", "reactor..")
                .check(all);
    }
}
