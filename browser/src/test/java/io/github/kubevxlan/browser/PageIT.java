package io.github.kubevxlan.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

class PageIT extends InBrowser {
    private static final String HOSTILE =
            "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'" + "</script>\u202e\"'&lt;";

    PageIT() {
        super(new Scene()
                .network("vxeth0", 100, "team-a/core-0", "team-a/core-1", "team-a/gateway")
                .network("vxeth1", 101, "team-a/gateway", "team-b/edge-0"));
    }

    @Test
    void showsNetworksPodsAndNodesInGraphAndTables() {
        page.open("");

        assertEquals(
                List.of("vxeth0\nVNI 100\n3/3 ready", "vxeth1\nVNI 101\n2/2 ready"),
                page.drawn("network").stream().sorted().toList());
        assertEquals(
                List.of("core-0", "core-1", "edge-0", "gateway"),
                page.drawn("pod").stream().sorted().toList());
        assertEquals(5, page.rows().size());
        assertTrue(page.text("#network-table").contains("vxeth1"), page.text("#network-table"));
        assertTrue(page.text("#node-table").contains("node-"), page.text("#node-table"));
    }

    @Test
    void whatHappensShows() {
        page.open("");

        scene.join("team-b/edge-1", "vxeth1");
        page.await("a join shows", _ -> page.rows().stream().anyMatch(row -> row.contains("edge-1")));
        assertEquals("waiting", page.stateDrawn("edge-1"));
        scene.ready("team-b/edge-1", "vxeth1");
        page.await("it is ready", _ -> page.stateDrawn("edge-1").equals("ready"));
        scene.fail("team-b/edge-1", "vxeth1", "the agent can't set up VXLAN networks: no answer");
        page.await("a failure shows", _ -> page.stateDrawn("edge-1").equals("failed"));
        assertTrue(page.text("#summary").contains("1 failed"), page.text("#summary"));
        assertTrue(page.text("#member-table").contains("no answer"), page.text("#member-table"));
        scene.repair("team-b/edge-1", "vxeth1");
        page.await("a repair shows", _ -> page.stateDrawn("edge-1").equals("ready"));
        scene.leave("team-b/edge-1", "vxeth1");
        page.await("a leave shows", _ -> !page.drawn("pod").contains("edge-1"));

        List<String> changes = page.driver().findElements(By.cssSelector("#changes li p")).stream()
                .map(element -> element.getDomProperty("textContent"))
                .toList();
        assertEquals(
                List.of(
                        "team-b/edge-1 left vxeth1",
                        "team-b/edge-1 was repaired in vxeth1",
                        "team-b/edge-1 failed in vxeth1the agent can't set up VXLAN networks: no answer",
                        "team-b/edge-1 is ready in vxeth1",
                        "team-b/edge-1 joined vxeth1"),
                changes);
        page.await(
                "a screen reader announces it", _ -> page.text("#announcement").contains("edge-1"));
    }

    @Test
    void detailsHaveReasonAndEvents() {
        page.open("");
        scene.fail("team-a/core-1", "vxeth0", "the agent can't set up VXLAN networks: timeout");
        page.await("it failed", _ -> page.stateDrawn("core-1").equals("failed"));

        page.driver().findElements(By.cssSelector("#member-table button")).stream()
                .filter(button -> button.getText().equals("core-1"))
                .findFirst()
                .orElseThrow()
                .click();

        page.await("its Event shows", _ -> page.text("#details").contains("AgentFailed: the agent can't set up"));
        assertTrue(page.text("#details").contains("team-a/core-1"), page.text("#details"));
        assertTrue(
                page.driver().getCurrentUrl().contains("select=pod"),
                page.driver().getCurrentUrl());
    }

    @Test
    void hostileNamesAndMessagesAreText() {
        scene.network(HOSTILE, 666);
        scene.fail("team-x/" + HOSTILE, HOSTILE, HOSTILE);
        page.open("?network=" + java.net.URLEncoder.encode(HOSTILE, java.nio.charset.StandardCharsets.UTF_8));
        page.await("it is there", _ -> page.rows().size() == 1);

        page.find("#member-table tbody button").click();
        page.await("details show", _ -> page.text("#details").contains("AgentFailed"));
        scene.degrade("team-x/" + HOSTILE, HOSTILE, HOSTILE + HOSTILE);
        page.await("it changes", _ -> page.text("#changes").contains("is degraded"));

        assertTrue(page.rows().getFirst().contains(HOSTILE), page.rows().getFirst());
        assertTrue(page.text("#changes").contains(HOSTILE), page.text("#changes"));
        assertEquals("VXLAN segments", page.driver().getTitle());
        assertEquals(1, page.driver().findElements(By.cssSelector("script")).size());
        assertEquals(1, page.driver().findElements(By.cssSelector("body img")).size());
    }

    @Test
    void filtersAreInTheAddress() {
        page.open("");
        page.find("#filters [name=network]").sendKeys("vxeth1");
        page.type("#filters [name=q]", "GATE");
        page.await("one is left", _ -> page.rows().size() == 1);
        String address = page.driver().getCurrentUrl();
        assertTrue(address.endsWith("?network=vxeth1&q=GATE"), address);

        page.open(address.substring(address.indexOf('?')));
        assertEquals(1, page.rows().size());
        assertEquals(List.of("gateway"), page.drawn("pod"));
        page.find("#filters button[type=reset]").click();
        page.await("all are back", _ -> page.rows().size() == 5);
        assertFalse(page.driver().getCurrentUrl().contains("?"), page.driver().getCurrentUrl());
    }

    @Test
    void theGraphIsUsedByKeyboard() {
        page.open("");
        page.driver().executeScript("document.querySelector('#graph').focus()");

        page.press(Keys.ARROW_RIGHT);
        page.await("the first is chosen", _ -> page.text("#details h3").equals("vxeth0"));
        page.press(Keys.ENTER);
        page.await("it is closed", _ -> !page.drawn("pod").contains("core-0"));
        page.press(Keys.ENTER);
        page.await("it is open", _ -> page.drawn("pod").contains("core-0"));
        page.press(Keys.ARROW_RIGHT);
        page.await("the next is chosen", _ -> !page.text("#details h3").equals("vxeth0"));
        page.press(Keys.ESCAPE);
        page.await("none is", _ -> page.text("#details").startsWith("Select"));
    }

    @Test
    void everythingIsReachedByTab() {
        page.open("");
        List<String> reached = new java.util.ArrayList<>();
        for (int i = 0; i < 40; i++) {
            page.press(Keys.TAB);
            reached.addAll(page.list("const e = document.activeElement; return [e.id || e.name || e.textContent]"));
        }
        assertTrue(
                reached.containsAll(List.of("Skip to the table", "network", "q", "graph", "fit", "changes")),
                () -> reached.toString());
        assertTrue(reached.contains("core-0"), reached::toString);
    }

    @Test
    void aControllerThatWaitsSaysForWhom() {
        scene.waits("kube-vxlan-controller-7d4b9c-leads");
        page.open("");

        assertTrue(page.text("#banner").contains("kube-vxlan-controller-7d4b9c-leads leads"), page.text("#banner"));
        assertEquals(List.of(), page.rows());
    }
}
