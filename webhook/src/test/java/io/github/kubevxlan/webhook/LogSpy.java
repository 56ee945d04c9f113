package io.github.kubevxlan.webhook;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** Notes what classes log, until it is closed. */
public final class LogSpy extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final List<String> said;
    private final List<Logger> loggers;

    private LogSpy(List<String> said, List<Logger> loggers) {
        this.said = said;
        this.loggers = loggers;
    }

    /** Begins to note; {@code said} is written by other threads. */
    public static LogSpy of(List<String> said, Class<?>... classes) {
        List<Logger> loggers = Stream.of(classes)
                .map(of -> (Logger) LoggerFactory.getLogger(of))
                .toList();
        LogSpy spy = new LogSpy(said, loggers);
        spy.start();
        loggers.forEach(logger -> {
            logger.setLevel(Level.INFO);
            logger.setAdditive(false);
            logger.addAppender(spy);
        });
        return spy;
    }

    @Override
    protected void append(ILoggingEvent event) {
        said.add(event.getFormattedMessage());
    }

    @Override
    public void close() {
        loggers.forEach(logger -> {
            logger.detachAppender(this);
            logger.setAdditive(true);
            logger.setLevel(null);
        });
    }
}
