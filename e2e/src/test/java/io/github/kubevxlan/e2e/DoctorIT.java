package io.github.kubevxlan.e2e;

import io.github.kubevxlan.e2e.harness.Doctor;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.scenario.InjectedProblem;
import io.github.kubevxlan.e2e.scenario.MemberProblems;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code vxlan doctor} finds problems, and what it prints mends them: three of those that {@code DoctorSoak} has. */
class DoctorIT {
    @RegisterExtension
    static final Stage stage = Stage.named("doctor");

    private static Doctor doctor;

    @BeforeAll
    static void call() {
        doctor = new Doctor(stage.namespace());
    }

    @AfterAll
    static void dismiss() {
        doctor.close();
    }

    static Stream<InjectedProblem> problems() {
        MemberProblems problems = new MemberProblems(stage);
        return Stream.of(problems.quota(), problems.podSecurity(), problems.pool(8561));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void findsAProblemAndWhatItPrintsSolvesIt(InjectedProblem problem) {
        problem.play(doctor);
    }
}
