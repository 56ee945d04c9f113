package io.github.kubevxlan.e2e.scenario;

import io.github.kubevxlan.e2e.harness.Stage;

/** Networks as the older controller's ConfigMap had them, one spelling each. */
public final class OlderConfigMap {
    private OlderConfigMap() {}

    /** Defines five, which are called by that name with 1 to 5 behind, and have that VNI and those after it. */
    public static void define(Stage stage, String name, int firstVni) {
        stage.define(name + "1", "id=%d up".formatted(firstVni));
        stage.define(name + "2", String.valueOf(firstVni + 1));
        stage.define(name + "3", "id=%d type=vxlan dev=eth0".formatted(firstVni + 2));
        stage.define(name + "4", "up id=%d".formatted(firstVni + 3));
        stage.define(name + "5", "id=%d up=false".formatted(firstVni + 4));
    }
}
