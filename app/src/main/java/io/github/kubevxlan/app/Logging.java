package io.github.kubevxlan.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Map;

/**
 * Logs to stdout as {@code KUBEVXLAN_LOG_LEVEL} and {@code KUBEVXLAN_LOG_FORMAT} say; each command checks the two. Our
 * own messages have that level, those of libraries are warnings at least. In code, since reading XML takes 0.1 s.
 */
public final class Logging extends ContextAwareBase implements Configurator {
    /** The context, as pod and attempt, stands behind the words where there is one. */
    private static final String PATTERN =
            "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSX\", UTC} %-5level %logger{0}: %msg%replace( [%mdc]){' \\[\\]',''}%n";

    /**
     * Quiets loggers of libraries that log the end of every exec as a warning; the controller itself logs a failed one.
     */
    private static final Map<String, Level> QUIET = Map.of(
            "io.fabric8.kubernetes.client.jdkhttp.JdkWebSocketImpl", Level.ERROR,
            "io.fabric8.kubernetes.client.dsl.internal.core.v1.PodOperationsImpl", Level.OFF);

    private final Map<String, String> env;

    /** For logback, which finds this by its name in META-INF/services. */
    public Logging() {
        this(System.getenv());
    }

    Logging(Map<String, String> env) {
        this.env = env;
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setEncoder(encoder(context));
        console.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(console);
        context.getLogger("io.github.kubevxlan").setLevel(Level.toLevel(env.get("KUBEVXLAN_LOG_LEVEL"), Level.INFO));
        QUIET.forEach((logger, level) -> context.getLogger(logger).setLevel(level));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    Encoder<ILoggingEvent> encoder(LoggerContext context) {
        Encoder<ILoggingEvent> encoder = "json".equals(env.get("KUBEVXLAN_LOG_FORMAT")) ? json() : text();
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> text() {
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setPattern(PATTERN);
        return text;
    }

    private static Encoder<ILoggingEvent> json() {
        JsonEncoder json = new JsonEncoder();
        json.setWithSequenceNumber(false);
        json.setWithNanoseconds(false);
        json.setWithContext(false);
        json.setWithMarkers(false);
        json.setWithKVPList(false);
        json.setWithMessage(false);
        json.setWithArguments(false);
        json.setWithFormattedMessage(true);
        return json;
    }
}
