package io.gradstream.autodiff;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The floors of the house: each package knows only what lies below it. */
class FloorsTest {

    private static final String ROOT = "io.gradstream.autodiff";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void eachFloorKnowsOnlyTheOnesBelow() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("root")
                .definedBy(ROOT)
                .layer("op")
                .definedBy(ROOT + ".op")
                .layer("device")
                .definedBy(ROOT + ".device")
                .layer("reference")
                .definedBy(ROOT + ".device.reference..")
                .layer("cpu")
                .definedBy(ROOT + ".device.cpu..")
                .layer("tape")
                .definedBy(ROOT + ".tape..")
                .layer("transform")
                .definedBy(ROOT + ".transform..")
                .layer("plan")
                .definedBy(ROOT + ".plan..")
                .layer("diagnose")
                .definedBy(ROOT + ".diagnose..")
                .layer("check")
                .definedBy(ROOT + ".check..")
                .layer("nn")
                .definedBy(ROOT + ".nn..")
                .layer("step")
                .definedBy(ROOT + ".step..")
                .whereLayer("root")
                .mayNotAccessAnyLayer()
                .whereLayer("op")
                .mayOnlyAccessLayers("root")
                .whereLayer("device")
                .mayOnlyAccessLayers("root", "op")
                .whereLayer("reference")
                .mayOnlyAccessLayers("root", "op", "device")
                .whereLayer("cpu")
                .mayOnlyAccessLayers("root", "op", "device")
                .whereLayer("tape")
                .mayOnlyAccessLayers("root", "op", "device")
                .whereLayer("transform")
                .mayOnlyAccessLayers("root", "op", "tape")
                .whereLayer("plan")
                .mayOnlyAccessLayers("root", "op", "device", "tape", "transform")
                .whereLayer("diagnose")
                .mayOnlyAccessLayers("root", "op", "device", "tape", "transform", "plan")
                .whereLayer("check")
                .mayOnlyAccessLayers("root", "op", "device", "reference", "tape", "transform")
                .check(CLASSES);
    }

    @Test
    void stepAndLayersStandOnTopOfTheEngineWithoutAnyParticularDevice() {
        classes()
                .that()
                .resideInAnyPackage(ROOT + ".step..", ROOT + ".nn..")
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackages(ROOT + ".device.*..", ROOT + ".check..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void dependsOnNothingButTheJdkAndAnnotations() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + "..", "java..", "javax..", "jdk.incubator.vector..", "org.jspecify.annotations..")
                .check(CLASSES);
    }
}
