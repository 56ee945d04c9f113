package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import java.util.Map;

/** What tests judge with. */
final class TestAdmission {
    static final Keys KEYS = new Keys("vxlan.travelping.com");
    static final AgentSettings AGENT = new AgentSettings("registry.test/agent:1", "IfNotPresent");
    static final Admission ADMISSION = new Admission(KEYS, AGENT);
    static final Definitions DEFINITIONS = Definitions.parse(
            Map.of("vxeth0", "100", "vxeth1", "id=101 up", "bad", "id=102 up=maybe"),
            new Defaults(new IfName("eth0"), new Port(8472)));

    private TestAdmission() {}
}
