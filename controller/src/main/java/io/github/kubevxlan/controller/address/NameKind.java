package io.github.kubevxlan.controller.address;

/** Whether a pod that ends comes back under its name. */
public enum NameKind {
    /** Its name was made for it alone, as a Deployment's pods' names are: nobody has it again. */
    PASSING,
    /** Nobody owns it: who makes it again gives it the same name. */
    BARE,
    /** A StatefulSet owns it: the name is that of the StatefulSet, a dash and a number. */
    STATEFUL
}
