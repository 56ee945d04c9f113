package io.github.kubevxlan.controller.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/** The page's files, by path. There are no others, so that no path leads elsewhere. */
final class PageFiles {
    private static final String LIBRARY = "/cytoscape.js";
    private static final List<String> SCRIPTS = List.of(
            "/app.js",
            "/changes.js",
            "/details.js",
            "/dom.js",
            "/filters.js",
            "/graph.js",
            "/layout.js",
            "/look.js",
            "/model.js",
            "/stream.js",
            "/table.js");

    private PageFiles() {}

    /** A file: what it is, and where it is among the program's resources. */
    record Content(String type, String resource) {
        InputStream open() {
            return PageFiles.open(resource);
        }
    }

    static Optional<Content> get(String path) {
        return switch (path) {
            case "/" -> content("text/html", "static/index.html");
            case "/style.css" -> content("text/css", "static/style.css");
            case "/icon.svg" -> content("image/svg+xml", "static/icon.svg");
            case LIBRARY -> content("text/javascript", library());
            default -> SCRIPTS.contains(path) ? content("text/javascript", "static" + path) : Optional.empty();
        };
    }

    private static Optional<Content> content(String type, String resource) {
        return Optional.of(new Content(type + "; charset=utf-8", resource));
    }

    /** Its jar has the version in the path, and tells it. */
    private static String library() {
        Properties properties = new Properties();
        try (InputStream stream = open("/META-INF/maven/org.webjars.npm/cytoscape/pom.properties")) {
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "/META-INF/resources/webjars/cytoscape/" + properties.getProperty("version")
                + "/dist/cytoscape.esm.min.mjs";
    }

    private static InputStream open(String resource) {
        return Objects.requireNonNull(PageFiles.class.getResourceAsStream(resource), resource);
    }
}
