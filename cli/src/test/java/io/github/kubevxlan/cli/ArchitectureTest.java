package io.github.kubevxlan.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.github.kubevxlan.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule ofTheControllerOnlyItsPureCodeIsUsed = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.github.kubevxlan.controller",
                    "io.github.kubevxlan.controller.agent",
                    "io.github.kubevxlan.controller.reconcile",
                    "io.github.kubevxlan.controller.report",
                    "io.github.kubevxlan.webhook.cluster",
                    "io.github.kubevxlan.certs..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("io\\.github\\.kubevxlan\\.webhook\\.(WebhookServer|Webhook|WebhookMain|Tls.*)");

    @ArchTest
    static final ArchRule whatIsKnownAndShownIsPure = noClasses()
            .that()
            .resideInAnyPackage(
                    "..cli.state",
                    "..cli.view",
                    "..cli.doctor",
                    "..cli.doctor.check",
                    "..cli.ping",
                    "..cli.trial",
                    "..cli.capture",
                    "..cli.manifest",
                    "..cli.render",
                    "..cli.convert")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..", "picocli..", "java.net.http..", "java.nio.file..", "org.slf4j..")
            .orShould()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(java.time.Instant.class, "now");

    @ArchTest
    static final ArchRule theEdgesKnowNoJson = noClasses()
            .that()
            .resideInAnyPackage("..cli.kube")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml.jackson.databind..");
}
