package io.github.kubevxlan.cli.doctor;

/**
 * Something that is in the way.
 *
 * @param severity how bad it is
 * @param check the name of the check that found it
 * @param what is wrong, a sentence
 * @param where the object that it is about, as {@code Deployment kube-system/kube-vxlan-controller}
 * @param why what it does to members, a sentence
 * @param remedy a command that mends it, fit to be typed as it is
 */
public record Finding(Severity severity, String check, String what, String where, String why, String remedy) {
    /** How bad a finding is. */
    public enum Severity {
        /** It works, and something deserves attention. */
        WARNING,
        /** Pods cannot become members, or members cannot work. */
        BROKEN
    }

    /** Something that keeps pods from becoming members, or members from working. */
    public static Finding broken(String check, String what, String where, String why, String remedy) {
        return new Finding(Severity.BROKEN, check, what, where, why, remedy);
    }

    /** Something that deserves attention. */
    public static Finding warning(String check, String what, String where, String why, String remedy) {
        return new Finding(Severity.WARNING, check, what, where, why, remedy);
    }
}
