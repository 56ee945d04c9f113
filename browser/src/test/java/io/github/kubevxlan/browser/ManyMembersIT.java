package io.github.kubevxlan.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A segment of the largest supported size, and some others. */
class ManyMembersIT extends InBrowser {
    private static final int MEMBERS = 1_000;

    ManyMembersIT() {
        super(new Scene()
                .network("large", 100, pods("many/pod-%d", MEMBERS))
                .network("small", 101, pods("few/pod-%d", 10))
                .network("both", 102, pods("many/pod-%d", 20)));
    }

    @Test
    void networksComeFirstAndTheirMembersWhenTheyAreOpened() {
        page.open("");
        assertEquals(List.of(), page.drawn("pod"));
        assertEquals("1,030 members", page.text("#count"));
        page.screenshot("many-closed");

        page.open("?open=large&select=network:large");
        assertEquals(MEMBERS, page.drawn("pod").size());
        page.screenshot("many-open");
        assertEquals(List.of(), page.barriers());
        page.type("#filters [name=q]", "pod-99");
        page.await("they are filtered", _ -> page.drawn("pod").size() == 11);
    }

    /** The figures are for people: how fast it is depends on the machine. */
    @Test
    void aThousandAreMovedAndFiltered() {
        page.open("?open=large");
        assertEquals(MEMBERS, page.drawn("pod").size());

        double moved = frames("cy.panBy({ x: frame % 2 ? 7 : -7, y: 3 })");
        double zoomed = frames("cy.zoom({ level: 0.3 + 0.01 * (frame % 20), renderedPosition: { x: 400, y: 280 } })");
        double filtered = frames("""
            const q = document.querySelector('#filters [name=q]');
            q.value = 'pod-' + (frame % 10);
            q.dispatchEvent(new Event('input', { bubbles: true }))\
            """);

        System.out.printf(
                "%d members drawn: %.0f frames a second moved, %.0f zoomed, %.0f filtered anew in each%n",
                MEMBERS, moved, zoomed, filtered);
        assertTrue(Math.min(moved, Math.min(zoomed, filtered)) > 0);
    }

    /** How many frames a second there are while something is done in each of them. */
    private double frames(String action) {
        Object rate = page.driver().executeAsyncScript("""
            const done = arguments[arguments.length - 1];
            const cy = document.querySelector('#graph')._cyreg.cy;
            const begun = performance.now();
            let frame = 0;
            const next = () => {
              const passed = performance.now() - begun;
              if (passed > 3000) {
                done(frame / passed * 1000);
                return;
              }
              frame++;
              %s;
              requestAnimationFrame(next);
            };
            requestAnimationFrame(next);\
            """.formatted(action));
        return ((Number) Objects.requireNonNull(rate)).doubleValue();
    }
}
