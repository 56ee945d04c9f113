package io.github.kubevxlan.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the page looks like, and for whom it can be used; the screenshots are in target/screenshots. */
class LooksIT extends InBrowser {
    /** What GitHub shows in README without making visitors wait. */
    private static final long MOST_BYTES = 200_000;

    private static final int PHONE = 390;

    LooksIT() {
        super(new Scene()
                .network("backhaul", 300, pods("radio/cell-%d", 5))
                .network("core", 100, pods("mobile/upf-%d", 6))
                .network("signalling", 200, pods("mobile/amf-%d", 7)));
    }

    @BeforeEach
    void play() {
        for (int i = 0; i < 2; i++) {
            for (String network : List.of("core", "signalling", "backhaul")) {
                scene.join("gateways/gateway-" + i, network);
                scene.ready("gateways/gateway-" + i, network);
            }
        }
        scene.join("mobile/smf-0", "signalling");
        scene.ready("mobile/smf-0", "signalling");
        scene.degrade("mobile/upf-3", "core", "route 10.9.0.0/16 is on another device");
        scene.fail("radio/cell-2", "backhaul", "the agent can't set up VXLAN networks: no answer within 10 s");
        scene.join("mobile/smf-1", "signalling");
    }

    @Test
    void light() throws IOException {
        nothingIsInAnybodysWay("light");
        assertTrue(Files.size(page.screenshot("light")) < MOST_BYTES);
    }

    @Test
    void dark() {
        nothingIsInAnybodysWay("dark");
        page.screenshot("dark");
    }

    @Test
    void phone() {
        page.width(PHONE);
        nothingIsInAnybodysWay("light");
        page.screenshot("phone");
        assertEquals(List.of(String.valueOf(PHONE)), page.list("return [document.documentElement.scrollWidth]"));
        page.driver().executeScript("document.querySelector('#members').scrollIntoView()");
        page.screenshot("phone-table");
    }

    private void nothingIsInAnybodysWay(String scheme) {
        page.scheme(scheme);
        page.open("?select=pod:uid-radio-cell-2");
        page.await("details show", _ -> page.text("#details").contains("AgentFailed"));
        assertEquals(List.of(), page.barriers());
    }
}
