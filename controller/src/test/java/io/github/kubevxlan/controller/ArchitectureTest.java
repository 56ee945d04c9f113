package io.github.kubevxlan.controller;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

@AnalyzeClasses(packages = "io.github.kubevxlan.controller", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** Deadlines, pauses and periods would stand still while a wall clock that was set back catches up. */
    @ArchTest
    static final ArchRule durationsAreNotMeasuredByTheWallClock = noClasses()
            .that()
            .resideInAnyPackage("..reconcile", "..agent")
            .or()
            .haveSimpleName("Budget")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Instant.class);

    /** A pod's data goes one way: watch, registry, overlay and observe, diff, agent, reconcile, report. */
    @ArchTest
    static final ArchRule noPackagesNeedEachOther =
            slices().matching("io.github.kubevxlan.controller.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule whatIsDecidedIsPure = noClasses()
            .that()
            .resideInAnyPackage(
                    "..pod", "..address", "..overlay", "..observe", "..diff", "..status", "..names", "..agent.shell")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.fabric8..", "org.slf4j..", "java.util.concurrent..", "java.nio.file..", "java.net.http..")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "getenv");
}
