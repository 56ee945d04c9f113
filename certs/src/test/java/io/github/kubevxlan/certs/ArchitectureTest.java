package io.github.kubevxlan.certs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.github.kubevxlan.certs");

    @Test
    void onlyTheKubeEdgeKnowsTheClient() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..certs.kube..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..", "io.github.kubevxlan.certs.kube..")
                .check(CLASSES);
    }

    @Test
    void nothingReadsJsonByHand() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml..")
                .check(CLASSES);
    }

    @Test
    void timeIsPassedIn() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }

    @Test
    void decisionsAreMadeWithoutThreadsLogsAndStores() {
        noClasses()
                .that()
                .haveNameMatching(".*\\.(CertPlan|Observed|Trust|CaBundle|Pem|Decision.*|Validity|CaMaterial)")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.slf4j..", "java.util.concurrent..", "java.nio.file..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(CertStore.class)
                .check(CLASSES);
    }
}
