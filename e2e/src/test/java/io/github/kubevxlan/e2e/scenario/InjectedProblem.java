package io.github.kubevxlan.e2e.scenario;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Client;
import io.github.kubevxlan.e2e.harness.Doctor;
import io.github.kubevxlan.e2e.harness.Doctor.Finding;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A problem of an installation, for {@code vxlan doctor} to find, and to mend by what it prints.
 *
 * @param name what is wrong
 * @param make makes it
 * @param steps what doctor finds and prints, in the order in which it is to be solved
 * @param works fails unless the product works
 * @param undo takes away what is left of it, whatever came of it
 */
public record InjectedProblem(String name, Runnable make, List<Step> steps, Runnable works, Runnable undo) {
    /** One of which nothing is left. */
    public InjectedProblem(String name, Runnable make, List<Step> steps, Runnable works) {
        this(name, make, steps, works, () -> {});
    }

    /**
     * A finding and its remedy.
     *
     * @param check the check that finds it
     * @param wanted which of its findings
     * @param edit what the finding says to do in the editor that the remedy opens, in sed's words; empty if it opens none
     * @param options more options of the command
     * @param folder where the remedy is typed
     */
    public record Step(
            String check,
            Predicate<Finding> wanted,
            Function<Finding, String> edit,
            List<String> options,
            Path folder) {
        /** One whose place and words hold both texts. */
        public static Step of(String check, String where, String what) {
            return new Step(
                    check,
                    finding -> finding.where().contains(where) && finding.what().contains(what),
                    _ -> "",
                    List.of(),
                    Client.repository());
        }

        /** The same where the remedy opens an editor. */
        public Step edit(Function<Finding, String> how) {
            return new Step(check, wanted, how, options, folder);
        }

        /** The same with options of the command. */
        public Step with(String... more) {
            return new Step(check, wanted, edit, List.of(more), folder);
        }

        /** The same where the remedy is typed in a folder. */
        public Step in(Path place) {
            return new Step(check, wanted, edit, options, place);
        }

        private boolean finds(Finding finding) {
            return finding.check().equals(check) && wanted.test(finding);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** Makes it, has it found and mended, and fails unless it is gone. */
    public void play(Doctor doctor) {
        System.out.printf("%s%n", name);
        try {
            solve(doctor);
        } finally {
            undo.run();
        }
    }

    private void solve(Doctor doctor) {
        make.run();
        for (Step step : steps) {
            Finding finding = doctor.await(name, step.options(), step::finds);
            System.out.printf(
                    "  %s %s: %s: %s %s%n  $ %s%n",
                    finding.severity(),
                    finding.check(),
                    finding.where(),
                    finding.what(),
                    finding.why(),
                    finding.remedy());
            List.of(finding.what(), finding.where(), finding.why(), finding.remedy())
                    .forEach(text -> assertFalse(text.isBlank(), finding::toString));
            assertFalse(finding.remedy().contains("<") || finding.remedy().contains("…"), "has a placeholder");
            Doctor.type(finding.remedy(), step.edit().apply(finding), step.folder());
        }
        Await.until(
                "doctor no longer finds " + name,
                () -> steps.stream()
                        .flatMap(
                                step -> doctor.findings(step.options()).stream().filter(step::finds))
                        .findFirst()
                        .map(Finding::toString)
                        .or(Optional::empty));
        works.run();
    }
}
