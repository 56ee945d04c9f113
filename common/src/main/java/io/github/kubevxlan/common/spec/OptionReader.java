package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.Route;
import java.util.EnumSet;
import java.util.Set;

/** Reads the options of one network, word by word. */
final class OptionReader {
    private final boolean annotation;
    private final Problems problems;
    private final OptionsBuilder options = new OptionsBuilder();
    private final Set<Option> seen = EnumSet.noneOf(Option.class);
    private boolean sound = true;

    /** Takes only what pods may set if {@code annotation}. */
    OptionReader(boolean annotation, Problems problems) {
        this.annotation = annotation;
        this.problems = problems;
    }

    /** Reads {@code option}, which means true, or {@code option=value}, or {@code option=value;value}. */
    void read(Word word) {
        int equals = word.text().indexOf('=');
        Word key = equals < 0 ? word : new Word(word.text().substring(0, equals), word.line(), word.column());
        Option option = Option.spelled(key.text()).orElse(null);
        if (option == null) {
            refuse(key, "an option: " + Option.allowed(annotation));
        } else if (annotation && !option.isForPods()) {
            refuse(key, "one that an annotation may set: " + Option.allowed(true));
        } else if (!seen.add(option)) {
            refuse(key, "each option once for a network");
        } else if (equals < 0) {
            put(option, "true", word);
        } else if (option.isList()) {
            putEach(option, word.from(equals + 1));
        } else {
            readValue(option, word.from(equals + 1));
        }
    }

    /** Reads the value of an option that takes one. */
    void readValue(Option option, Word value) {
        put(option, value.text(), value);
    }

    /** The options that were sound. */
    Options options() {
        return options.build();
    }

    /** Tells whether all of them were. */
    boolean isSound() {
        return sound;
    }

    private void putEach(Option option, Word values) {
        int start = 0;
        for (String value : values.text().split(";", -1)) {
            put(option, value, values.from(start));
            start += value.length() + 1;
        }
    }

    private void put(Option option, String value, Word at) {
        try {
            options.read(option, value);
            if (annotation
                    && option == Option.ROUTE
                    && Route.parse(value).destination().isDefault()) {
                refuse(new Word(value, at.line(), at.column()), "no default route; only the ConfigMap may set one");
            }
        } catch (InvalidValueException e) {
            refuse(new Word(e.found(), at.line(), at.column()), e.allowed());
        }
    }

    private void refuse(Word word, String allowed) {
        sound = false;
        problems.add(word.line(), word.column(), word.text(), allowed);
    }
}
