package io.github.kubevxlan.common.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.Port;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImpairmentsTest {
    private static final Keys KEYS = new Keys("vxlan.travelping.com");

    @ParameterizedTest
    @CsvSource({
        "RATE, 10mbit, 10000, 10mbit",
        "RATE, 8kbit, 8, 8kbit",
        "RATE, 1500kbit, 1500, 1500kbit",
        "RATE, 10gbit, 10000000, 10gbit",
        "RATE, 10000000kbit, 10000000, 10gbit",
        "DELAY, 20ms, 20000, 20ms",
        "DELAY, 0ms, 0, 0us",
        "DELAY, 10us, 10, 10us",
        "DELAY, 1500us, 1500, 1500us",
        "JITTER, 10s, 10000000, 10s",
        "LOSS, 0.5%, 500, 0.5%",
        "LOSS, 0%, 0, 0%",
        "DUPLICATE, 100%, 100000, 100%",
        "REORDER, 25.000%, 25000, 25%",
        "CORRUPT, 0.001%, 1, 0.001%"
    })
    void readsTheNotationOfTcAndPrintsWhatItReads(Impairment impairment, String text, int value, String printed) {
        assertEquals(value, impairment.parse(text));
        assertEquals(printed, impairment.print(value));
        assertEquals(value, impairment.parse(printed));
    }

    @ParameterizedTest
    @CsvSource({
        "RATE, 10",
        "RATE, 7kbit",
        "RATE, 0mbit",
        "RATE, 11gbit",
        "RATE, 1.5mbit",
        "RATE, 10mbps",
        "RATE, 10MBIT",
        "RATE, 99999999gbit",
        "RATE, 999999999kbit",
        "DELAY, 20",
        "DELAY, true",
        "DELAY, -1ms",
        "DELAY, 15us",
        "DELAY, 11s",
        "DELAY, 20 ms",
        "JITTER, 0.5ms",
        "JITTER, 99999999s",
        "LOSS, 0.5",
        "LOSS, 100.001%",
        "LOSS, 0.0001%",
        "LOSS, .5%",
        "LOSS, 1e2%",
        "LOSS, ٥%",
        "CORRUPT, 101%",
        "DUPLICATE, %"
    })
    void refusesAnyOtherText(Impairment impairment, String text) {
        InvalidValueException refused = assertThrows(InvalidValueException.class, () -> impairment.parse(text));
        assertEquals(text, refused.found());
    }

    @Test
    void whatIsSetToZeroIsNone() {
        assertEquals(Impairments.NONE, new Impairments(Map.of(Impairment.LOSS, 0, Impairment.DELAY, 0)));
    }

    @ParameterizedTest
    @CsvSource({
        "jitter=2ms, jitter=2ms, 'jitter together with delay=TIME, which it varies'",
        "delay=1ms jitter=2ms, jitter=2ms, 'a jitter up to the delay, delay=1ms'",
        "reorder=25%, reorder=25%, 'reorder together with delay=TIME, which these packets skip'",
        "reorder=25% delay=0ms, reorder=25%, 'reorder together with delay=TIME, which these packets skip'"
    })
    void aDefinitionIsRefusedWithFoundAndAllowed(String options, String found, String allowed) {
        Definitions definitions = definitions("id=1 " + options);
        assertEquals(
                List.of(new Problem("ConfigMap entry a", 1, 1, found, allowed)),
                definitions.problems().toList());
    }

    @Test
    void aDefinitionMaySayAllOfThem() {
        String all = "id=1 rate=10mbit delay=20ms jitter=2ms loss=0.5% duplicate=1% reorder=25% corrupt=0.1%";
        assertEquals(
                "rate=10mbit delay=20ms jitter=2ms loss=0.5% duplicate=1% reorder=25% corrupt=0.1%",
                impaired(all, "a"));
    }

    @Test
    void aPodOverridesThemOneByOneWhereTheDefinitionSaysSo() {
        String definition = "id=1 delay=20ms jitter=2ms loss=1% impairments";
        assertEquals("delay=30ms jitter=2ms duplicate=1%", impaired(definition, "a delay=30ms loss=0% duplicate=1%"));
    }

    @ParameterizedTest
    @CsvSource({
        "id=1, a delay=20ms, delay=20ms, 'no delay here, because the definition of network a does not say impairments'",
        "id=1 delay=1ms impairments=false, a delay=0ms, delay=0us, "
                + "'no delay here, because the definition of network a does not say impairments'",
        "id=1 delay=20ms jitter=2ms impairments, a delay=1ms, jitter=2ms, 'a jitter up to the delay, delay=1ms'"
    })
    void aPodIsRefusedWithFoundAndAllowedAndOneThatRunsGoesOnAsDefined(
            String definition, String entry, String found, String allowed) {
        Resolution resolution = resolve(definition, entry);
        assertEquals(resolve(definition, "a").networks(), resolution.networks());
        Problem problem = resolution.refusals().getFirst();
        assertEquals(List.of(found, allowed), List.of(problem.found(), problem.allowed()));
    }

    @Test
    void noPodSaysImpairments() {
        assertEquals(
                "impairments",
                resolve("id=1", "a impairments").problems().getFirst().found());
    }

    private static String impaired(String definition, String entry) {
        return resolve(definition, entry).networks().getFirst().impairments().toString();
    }

    private static Resolution resolve(String definition, String entry) {
        return new Resolver(KEYS, definitions(definition)).resolve("ns", Map.of(KEYS.networks(), entry), Map.of());
    }

    private static Definitions definitions(String definition) {
        return Definitions.parse(Map.of("a", definition), new Defaults(new IfName("eth0"), new Port(8472)));
    }
}
