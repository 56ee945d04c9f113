package io.github.kubevxlan.cli.doctor;

import io.github.kubevxlan.cli.doctor.Finding.Severity;
import io.github.kubevxlan.cli.view.Ink;
import io.github.kubevxlan.cli.view.Table;
import java.util.List;
import java.util.stream.Collectors;

/** Findings as text for people. */
public final class FindingsText {
    private static final String INDENT = "\n        ";

    private FindingsText() {}

    /**
     * Prints one paragraph for each finding: where, what, why, and the command that solves it; says so if there is
     * none.
     */
    public static String of(List<Finding> findings, int checks, Ink ink) {
        return findings.isEmpty()
                ? ink.good("Nothing found by " + checks + " checks.") + "\n"
                : findings.stream().map(finding -> paragraph(finding, ink)).collect(Collectors.joining("\n"));
    }

    private static String paragraph(Finding finding, Ink ink) {
        String severity = finding.severity() == Severity.BROKEN ? ink.bad("BROKEN ") : ink.warn("WARNING");
        return severity + " " + finding.check() + ": "
                + Table.printable(finding.problem().where())
                + INDENT + Table.printable(finding.problem().what())
                + INDENT + Table.printable(finding.problem().why())
                + INDENT + "$ " + Table.printable(finding.remedy()) + "\n";
    }
}
