package io.github.kubevxlan.cli.doctor;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * A problem that {@code doctor} found.
 *
 * @param severity how bad it is
 * @param check the name of the check that found it
 * @param problem what is wrong
 * @param remedy a command that solves it, ready to run
 */
public record Finding(
        Severity severity, String check, @JsonUnwrapped Problem problem, String remedy) {
    /** How bad a finding is. */
    public enum Severity {
        /** It works, and something deserves attention. */
        WARNING,
        /** Pods cannot become members, or members cannot work. */
        BROKEN
    }

    /**
     * What is wrong.
     *
     * @param what is wrong, a sentence
     * @param where the object that it is about, as {@code Deployment kube-system/kube-vxlan-controller}
     * @param why what it does to members, a sentence
     */
    public record Problem(String what, String where, String why) {}

    /** A check for one kind of problem that keeps pods from becoming members, or members from working. */
    public static Finding broken(String check, String what, String where, String why, String remedy) {
        return new Finding(Severity.BROKEN, check, new Problem(what, where, why), remedy);
    }

    /** Something that deserves attention. */
    public static Finding warning(String check, String what, String where, String why, String remedy) {
        return new Finding(Severity.WARNING, check, new Problem(what, where, why), remedy);
    }
}
