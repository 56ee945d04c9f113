package io.github.kubevxlan.webhook;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.github.kubevxlan.webhook", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule onlyClusterAndMainKnowTheKubernetesClient = noClasses()
            .that()
            .resideOutsideOfPackage("..cluster")
            .and()
            .doNotHaveSimpleName("WebhookMain")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fabric8..");

    @ArchTest
    static final ArchRule clusterKnowsNoJson = noClasses()
            .that()
            .resideInAPackage("..cluster")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule judgingIsPure = noClasses()
            .that()
            .haveNameMatching(".*\\.(Admission|AdmissionCodec|PodTree|Shape|InjectionPolicy|PodMutation|JsonPatch"
                    + "|AgentTemplate|AgentResources)")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.javalin..", "org.eclipse..", "org.slf4j..", "java.nio.file..", "java.net..")
            .orShould()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class);
}
