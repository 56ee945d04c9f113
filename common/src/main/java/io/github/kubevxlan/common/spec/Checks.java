package io.github.kubevxlan.common.spec;

/**
 * What members of a segment check of each other.
 *
 * @param security whether they may send with their own MAC and addresses only
 * @param ready what must hold of their peers before they are ready
 */
public record Checks(PortSecurity security, ReadyWhen ready) {
    /** Only that peers have them in their tables. */
    public static final Checks TABLES = new Checks(PortSecurity.OFF, ReadyWhen.TABLES);

    static Checks of(Options options) {
        return new Checks(PortSecurity.of(options), options.ready().orElse(ReadyWhen.TABLES));
    }
}
