package io.github.kubevxlan.browser;

import io.github.kubevxlan.common.util.StartException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test in a browser of its own, which shows a scene and must not complain. */
abstract class InBrowser {
    final Scene scene;
    Browser page;

    InBrowser(Scene scene) {
        this.scene = scene;
    }

    @BeforeEach
    void start() throws StartException {
        page = Browser.of(scene);
    }

    @AfterEach
    void end() {
        page.endWithoutComplaint();
    }

    /** So many pods, their numbers put into one name. */
    static String[] pods(String name, int number) {
        return IntStream.range(0, number).mapToObj(name::formatted).toArray(String[]::new);
    }
}
