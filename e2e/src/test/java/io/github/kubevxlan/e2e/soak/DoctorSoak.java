package io.github.kubevxlan.e2e.soak;

import io.github.kubevxlan.e2e.harness.Doctor;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.scenario.InjectedProblem;
import io.github.kubevxlan.e2e.scenario.InstallationProblems;
import io.github.kubevxlan.e2e.scenario.MemberProblems;
import io.github.kubevxlan.e2e.scenario.TlsProblems;
import io.github.kubevxlan.e2e.scenario.UnderlayProblems;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code vxlan doctor} finds each of these problems, and what it prints solves it. */
class DoctorSoak {
    @RegisterExtension
    static final Stage stage = Stage.named("doctor-soak");

    @TempDir
    static Path folder;

    private static @Nullable TlsProblems tls;

    @AfterAll
    static void giveBack() {
        if (tls != null) {
            tls.close();
        }
    }

    static Stream<InjectedProblem> problems() {
        MemberProblems members = new MemberProblems(stage);
        InstallationProblems installation = new InstallationProblems(stage);
        UnderlayProblems underlay = new UnderlayProblems(stage);
        TlsProblems certificates = new TlsProblems(stage, folder);
        tls = certificates;
        return Stream.of(
                members.quota(),
                members.podSecurity(),
                members.foreignName(8563),
                members.foreignSegment(8564),
                members.pool(8565),
                members.noAgent(8566),
                members.noCapability(8567),
                members.noNft(8568),
                members.forbidden(8569),
                installation.webhookDown(),
                installation.missingRight(8570),
                installation.brokenDefinition(8571),
                installation.noLeader(8572),
                installation.leaseAhead(8573),
                installation.hungAgent(8574),
                installation.oldAgent(8576),
                installation.unlabelledNamespace(8577),
                underlay.missingEntry(8575),
                underlay.portDropped(8578),
                underlay.smallUnderlay(8579),
                certificates.wrongBundle(),
                certificates.expired(),
                certificates.notYetValid());
    }

    @ParameterizedTest
    @MethodSource("problems")
    void findsAProblemAndWhatItPrintsSolvesIt(InjectedProblem problem) {
        try (Doctor doctor = new Doctor(stage.namespace())) {
            problem.play(doctor);
        }
    }
}
