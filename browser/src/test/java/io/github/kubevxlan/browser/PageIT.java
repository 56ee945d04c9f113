package io.github.kubevxlan.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

class PageIT extends InBrowser {
    private static final String HOSTILE =
            "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'" + "</script>\u202e\"'&lt;";

    /** What the controller has room for. */
    private static final int MOST_BROWSERS = 8;

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

        shows(
                "a join",
                () -> scene.join("team-b/edge-1", "vxeth1"),
                _ -> page.stateDrawn("edge-1").equals("waiting"));
        page.await("the table has it", _ -> page.rows().stream().anyMatch(row -> row.contains("edge-1")));
        shows(
                "it is ready",
                () -> scene.ready("team-b/edge-1", "vxeth1"),
                _ -> page.stateDrawn("edge-1").equals("ready"));
        shows(
                "a failure",
                () -> scene.fail("team-b/edge-1", "vxeth1", "the agent can't set up VXLAN networks: no answer"),
                _ -> page.stateDrawn("edge-1").equals("failed"));
        assertTrue(page.text("#summary").contains("1 failed"), page.text("#summary"));
        page.await("the table has the reason", _ -> page.text("#member-table").contains("no answer"));
        shows(
                "a repair",
                () -> scene.repair("team-b/edge-1", "vxeth1"),
                _ -> page.stateDrawn("edge-1").equals("ready"));
        shows(
                "a leave",
                () -> scene.leave("team-b/edge-1", "vxeth1"),
                _ -> !page.drawn("pod").contains("edge-1"));
        page.await("the list has it", _ -> page.text("#changes").contains("left"));

        List<String> changes =
                page.list("return [...document.querySelectorAll('#changes li p')].map(change => change.textContent)");
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

    /** Has something happen and awaits that it shows. How long that takes is for people: it depends on the machine. */
    private void shows(String what, Runnable happens, Function<Browser, Boolean> isShown) {
        long begun = System.nanoTime();
        happens.run();
        page.await(what + " shows", isShown);
        System.out.printf("%s shows after %d ms%n", what, (System.nanoTime() - begun) / 1_000_000);
    }

    @Test
    void detailsHaveReasonAndEvents() {
        page.open("");
        scene.fail("team-a/core-1", "vxeth0", "the agent can't set up VXLAN networks: timeout");
        page.await("it failed", _ -> page.stateDrawn("core-1").equals("failed"));

        page.click("#member-table button", "core-1");

        page.await("its Event shows", _ -> page.text("#details").contains("AgentFailed: the agent can't set up"));
        assertTrue(page.text("#details").contains("team-a/core-1"), page.text("#details"));
        assertTrue(
                page.driver().getCurrentUrl().contains("select=pod"),
                page.driver().getCurrentUrl());
    }

    @Test
    void openDetailsGetAnEventThatComesAlone() {
        page.open("?select=pod:uid-team-a-core-1");
        page.await("details show", _ -> page.text("#details").contains("Nothing in the last"));

        scene.event("team-a/core-1", "PathBroken", "no packet arrives");

        page.await("its Event shows", _ -> page.text("#details").contains("PathBroken: no packet arrives"));
    }

    @Test
    void changesGoWhenTheyAreOld() {
        page.open("?select=pod:uid-team-a-core-1");
        scene.fail("team-a/core-1", "vxeth0", "timeout");
        page.await(
                "it is in both lists",
                _ -> page.text("#changes").contains("core-1 failed")
                        && page.text("#details").contains("AgentFailed"));

        page.driver().executeScript("const now = Date.now; Date.now = () => now() + 16 * 60 * 1000");

        page.await(
                "it is in none",
                _ -> page.text("#changes").equals("Nothing in the last 15 minutes.")
                        && page.text("#details").contains("Nothing in the last 15 minutes."));
    }

    @Test
    void aChangeOfAnotherDayHasItsDate() {
        page.open("");

        assertEquals(List.of("8", "true"), page.driver().executeAsyncScript("""
            const done = arguments[arguments.length - 1];
            import("/changes.js").then(({ time }) => done([
                String(time(Date.now()).length), String(time(0).startsWith("1 Jan 1970"))]))\
            """));
    }

    @Test
    void hostileNamesAndMessagesAreText() {
        scene.network(HOSTILE, 666);
        scene.fail("team-x/" + HOSTILE, HOSTILE, HOSTILE);
        page.open("?network=" + java.net.URLEncoder.encode(HOSTILE, java.nio.charset.StandardCharsets.UTF_8));
        page.await("it is there", _ -> page.rows().size() == 1);

        page.click("#member-table tbody button", HOSTILE);
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
        page.await("the address says it", _ -> page.driver().getCurrentUrl().endsWith("?network=vxeth1&q=GATE"));
        String address = page.driver().getCurrentUrl();

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
    void aNodeHasItsPlaceWithoutAnyNetwork() {
        scene.fail("team-a/wrong", "", "annotation vxlan.travelping.com/networks, line 1: found nothing");
        page.open("?state=failed");

        page.await(
                "only the node is drawn",
                _ -> page.drawn("network").isEmpty() && page.drawn("node").size() == 1);
        assertEquals(
                List.of("true"),
                page.list("return document.querySelector('#graph')._cyreg.cy.nodes().toArray()"
                        + ".map(node => Number.isFinite(node.position('x') + node.position('y')))"));
    }

    @Test
    void everythingIsReachedByTab() {
        page.open("");
        List<String> reached = new ArrayList<>();
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
    void aBrowserTooManyIsToldSoAndFollowsOnceThereIsRoom() throws Exception {
        List<InputStream> others = new ArrayList<>();
        for (int i = 0; i < MOST_BROWSERS; i++) {
            others.add(page.follow());
        }
        page.driver().get(page.address());

        page.await(
                "the page says so", _ -> page.text("#connection").equals("too many browsers follow this page already"));
        for (InputStream other : others) {
            other.close();
        }
        scene.join("team-b/edge-1", "vxeth1"); // the controller finds out with what it sends next
        page.await("it follows", _ -> page.text("#connection").equals("live"));
        page.forgetComplaints("503");
    }

    @Test
    void aControllerThatWaitsSaysForWhom() {
        scene.waits("kube-vxlan-controller-7d4b9c-leads");
        page.open("");

        assertTrue(page.text("#banner").contains("kube-vxlan-controller-7d4b9c-leads leads"), page.text("#banner"));
        assertEquals(List.of(), page.rows());
    }
}
