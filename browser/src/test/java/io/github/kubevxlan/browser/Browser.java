package io.github.kubevxlan.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.common.util.StartException;
import io.github.kubevxlan.controller.page.PageServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.FluentWait;

/** Chromium without a window, and the page's server that it shows. */
final class Browser implements AutoCloseable {
    private static final List<Path> BROWSERS = List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/google-chrome"));
    private static final Path FOLDER = Path.of("target", "screenshots");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int HEIGHT = 780;

    private final PageServer server;
    private final ChromeDriver driver;

    private Browser(PageServer server, ChromeDriver driver) {
        this.server = server;
        this.driver = driver;
    }

    static Browser of(Scene scene) throws StartException {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(BROWSERS.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no Chromium: run make check-page, which installs it"))
                .toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu");
        options.addArguments("--force-device-scale-factor=1", "--hide-scrollbars", "--lang=en-GB");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        PageServer server = PageServer.start(0, scene::model, scene.changes());
        Browser browser = new Browser(server, new ChromeDriver(options));
        browser.width(1140);
        return browser;
    }

    ChromeDriver driver() {
        return driver;
    }

    /** Opens the page, and waits until it shows what the controller knows. */
    void open(String query) {
        driver.get(address() + query);
        await("the page is live", _ -> text("#connection").equals("live"));
        await("the page is drawn", _ -> !text("#count").isEmpty());
    }

    String address() {
        return "http://localhost:" + server.port() + "/";
    }

    /** Follows the page too, as another browser does, until the stream is closed. */
    InputStream follow() throws IOException {
        return URI.create(address() + "events").toURL().openStream();
    }

    void width(int pixels) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", pixels, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
    }

    void scheme(String lightOrDark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", lightOrDark))));
    }

    WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    /** In one step, since the page may draw it anew between two. */
    String text(String selector) {
        Object text = driver.executeScript("return document.querySelector(arguments[0])?.textContent", selector);
        if (text == null) {
            throw new NoSuchElementException(selector);
        }
        return text.toString();
    }

    /** Clicks on the first element that contains this text. */
    void click(String selector, String text) {
        await("a click on " + selector + " with " + text, _ -> {
            Optional<WebElement> found = driver.findElements(By.cssSelector(selector)).stream()
                    .filter(element -> element.getText().contains(text))
                    .findFirst();
            found.ifPresent(WebElement::click);
            return found.isPresent();
        });
    }

    /** Rows of the table of members, the cells of each by a space. */
    List<String> rows() {
        return list("""
            return [...document.querySelectorAll('#member-table tbody tr')]
                .map(row => [...row.children].map(cell => cell.textContent.trim()).filter(Boolean).join(' '))\
            """);
    }

    /** What the graph draws of one kind: network, pod or node. */
    List<String> drawn(String kind) {
        return list("return document.querySelector('#graph')._cyreg.cy.nodes().toArray()"
                + ".filter(node => node.data('kind') === '" + kind + "').map(node => node.data('label'))");
    }

    /** The states of what the graph draws, by label. */
    String stateDrawn(String label) {
        return String.valueOf(driver.executeScript(
                "return document.querySelector('#graph')._cyreg.cy.nodes().toArray()"
                        + ".find(node => node.data('label') === arguments[0])?.data('state')",
                label));
    }

    /** What a script returns, as texts. */
    List<String> list(String script, Object... arguments) {
        List<?> found = (List<?>) Objects.requireNonNull(driver.executeScript(script, arguments));
        return found.stream().map(String::valueOf).toList();
    }

    void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    void type(String selector, String text) {
        WebElement field = find(selector);
        field.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.BACK_SPACE);
        field.sendKeys(text);
    }

    /** Waits until something holds; fails when it does not for long. */
    void await(String what, Function<Browser, Boolean> condition) {
        new FluentWait<>(this)
                .withTimeout(PATIENCE)
                .pollingEvery(Duration.ofMillis(20))
                .withMessage(what)
                // The page draws anew what it shows, and shows some of it a moment later.
                .ignoring(StaleElementReferenceException.class, NoSuchElementException.class)
                .until(condition);
    }

    private List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /** What axe-core finds that keeps people from using the page: rule, elements. */
    List<String> barriers() {
        driver.executeCdpCommand("Runtime.evaluate", Map.of("expression", axe()));
        Object found = driver.executeAsyncScript("""
            const done = arguments[arguments.length - 1];
            axe.run(document, {resultTypes: ['violations']}).then(results => done(results.violations
                .filter(one => ['serious', 'critical'].includes(one.impact))
                .map(one => one.id + ': ' + one.nodes.map(node => node.html + ' ' + node.failureSummary).join(' | '))))\
            """);
        return ((List<?>) Objects.requireNonNull(found))
                .stream().map(String::valueOf).toList();
    }

    Path screenshot(String name) {
        try {
            Files.createDirectories(FOLDER);
            return Files.write(FOLDER.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Some complaints are expected: those that contain this text. Any other fails. */
    void forgetComplaints(String text) {
        assertEquals(
                List.of(),
                complaints().stream().filter(one -> !one.contains(text)).toList());
    }

    /** Ends it; fails if the browser complained about anything. */
    void endWithoutComplaint() {
        try (Browser _ = this) {
            assertEquals(List.of(), complaints());
        }
    }

    private static String axe() {
        String path = "/META-INF/resources/webjars/axe-core/%s/axe.min.js".formatted(System.getProperty("axe.version"));
        try (InputStream stream = Objects.requireNonNull(Browser.class.getResourceAsStream(path), path)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
        server.close();
    }
}
