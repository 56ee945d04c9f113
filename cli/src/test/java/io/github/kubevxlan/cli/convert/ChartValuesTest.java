package io.github.kubevxlan.cli.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kubevxlan.cli.manifest.MalformedManifestException;
import io.github.kubevxlan.cli.manifest.ManifestReader;
import io.github.kubevxlan.cli.render.Remark;
import io.github.kubevxlan.cli.render.Rendering;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChartValuesTest {
    private static final String VALUES = """
        debug: {enabled: true}
        vxlanController:
          enabled: true
          names: "vxeth1, vxeth2 name=lan"
          ip: [{interface: vxeth1, type: ip, addr: 192.168.1.1/24}]
          staticRoutes: [192.168.3.0/24 via 192.168.1.9]
        """;

    @Test
    void valuesComeOutWithTodaysKeysAndWithAddressesAndRoutesInTheAnnotation() throws Exception {
        Rendering converted = convert(VALUES);
        JsonNode section = section(converted);

        assertEquals("vxlan.travelping.com", section.path("metadataKey").asText());
        assertEquals(
                "vxlan.travelping.com/networks", section.path("annotationKey").asText());
        assertEquals(
                "vxeth1 ip=192.168.1.1/24 route=192.168.3.0/24:192.168.1.9, vxeth2 name=lan",
                section.path("names").asText());
        assertEquals("[] []", section.path("ip") + " " + section.path("staticRoutes"));
        assertTrue(converted.documents().getFirst().at("/debug/enabled").asBoolean());
        assertFalse(
                converted.has(Remark.Severity.WARNING), () -> lines(converted).toString());
        assertFalse(
                lines(converted).toString().contains("no pod has label"),
                () -> lines(converted).toString());
    }

    @Test
    void whatWasConvertedStaysAsItIs() throws Exception {
        Rendering once = convert(VALUES);

        assertEquals(
                once.documents(),
                convert(once.documents().getFirst().toString()).documents());
    }

    @Test
    void keysThatTheValuesLeaveOutAreThoseOfTheChart() throws Exception {
        assertEquals(
                "{\"enabled\":true,\"metadataKey\":\"vxlan.travelping.com\",\"annotationKey\":"
                        + "\"vxlan.travelping.com/networks\"}",
                section(convert("vxlanController: {enabled: true}")).toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{interface: lan, type: ip, addr: fd00::1/64} | vxeth1, vxeth2 name=lan ip=fd00::1/64",
                "{interface: lan, type: interface, action: down} | vxeth1, vxeth2 name=lan up=false",
                "{interface: vxeth1, type: interface, action: up} | vxeth1 up, vxeth2 name=lan",
            })
    void whatTheAnnotationCanSayMovesThere(String element, String names) throws Exception {
        JsonNode section = section(convert(
                VALUES.replaceAll("ip: \\[.*\\]", "ip: [" + element + "]").replaceAll("staticRoutes: .*", "")));

        assertEquals(names, section.path("names").asText());
        assertEquals("[]", section.path("ip").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{interface: br0, type: bridge, bind: [vxeth1]}",
                "{interface: gre9, type: interface, action: up}",
                "{interface: vxeth2, type: ip, addr: 10.0.0.1/24}",
                "{interface: vxeth1, type: ip, addr: 10.0.0.1}",
            })
    void whatItCannotSayStaysAndIsTold(String element) throws Exception {
        Rendering converted = convert(VALUES.replaceAll("ip: \\[.*\\]", "ip: [" + element + "]"));

        assertEquals(1, section(converted).path("ip").size());
        assertEquals(1, section(converted).path("staticRoutes").size(), "no address has the gateway in its network");
        assertEquals("vxeth1, vxeth2 name=lan", section(converted).path("names").asText());
        assertTrue(
                lines(converted).getFirst().startsWith("note: values.yaml, document 1: ip: {\"interface\":"),
                () -> lines(converted).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"default via 192.168.1.9", "0.0.0.0/0 via 192.168.1.9", "10.0.0.1/8 via 192.168.1.9", "x"})
    void routesThatAPodMayNotSetStay(String route) throws Exception {
        JsonNode section = section(convert(VALUES.replaceAll("staticRoutes: .*", "staticRoutes: [" + route + "]")));

        assertEquals(1, section.path("staticRoutes").size());
        assertEquals(
                "vxeth1 ip=192.168.1.1/24, vxeth2 name=lan",
                section.path("names").asText());
    }

    @Test
    void sectionsOfChartsInAnotherAreConvertedToo() throws Exception {
        Rendering converted = convert("{inner: {vxlanController: {enabled: false, names: vxeth1}}}");

        assertEquals(
                "vxlan.travelping.com",
                converted
                        .documents()
                        .getFirst()
                        .at("/inner/vxlanController/metadataKey")
                        .asText());
    }

    @Test
    void otherKeysAndOtherAgentsAreTold() throws Exception {
        Rendering keys = convert(VALUES.replace("enabled: true\n  names", "metadataKey: mine\n  names"));
        Rendering agent = convert(VALUES + "  image: {repository: mine/agent}\n");

        assertEquals("mine", section(keys).path("metadataKey").asText());
        assertTrue(lines(keys).getFirst().endsWith("the section stays as it is"), lines(keys)::toString);
        assertTrue(lines(agent).getFirst().contains("image.repository is mine/agent"), lines(agent)::toString);
    }

    @Test
    void theWebhookJudgesThePodsOfTheChart() throws Exception {
        assertTrue(convert(VALUES.replace("vxeth1,", "vxeth1 mtu=1,")).has(Remark.Severity.REFUSAL));
        assertTrue(lines(convert(VALUES.replace("vxeth1,", "nowhere, vxeth1,")))
                .toString()
                .contains("nowhere is not defined"));
    }

    @Test
    void valuesOfOtherChartsAreNoManifests() {
        assertThrows(MalformedManifestException.class, () -> convert("{replicas: 3, image: {tag: x}}"));
    }

    private static Rendering convert(String text) throws MalformedManifestException {
        return Converter.convert(
                ManifestReader.read("values.yaml", text, "lab", Converter::isValues),
                List.of(),
                Map.of(),
                Converter.OLDER_PREFIX);
    }

    private static JsonNode section(Rendering rendering) {
        return rendering.documents().getFirst().path("vxlanController");
    }

    private static List<String> lines(Rendering rendering) {
        return rendering.remarks().stream().map(Remark::line).toList();
    }
}
