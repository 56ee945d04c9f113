package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Options in the making. */
final class OptionsBuilder {
    private static final int MOST_VALUES = 256;

    private final Map<Option, List<Object>> values = new EnumMap<>(Option.class);

    /**
     * Sets an option, or adds to a list, what a text means; throws {@link InvalidValueException} if it is no value of the
     * option, or one that the list has already or has no place for.
     */
    void read(Option option, String text) {
        option.read(text).forEach(value -> add(values.computeIfAbsent(option, _ -> new ArrayList<>()), value, text));
    }

    Options build() {
        return new Options(values);
    }

    private static void add(List<Object> values, Object value, String text) {
        OptionTexts.require(!values.contains(value), text, "each value once");
        OptionTexts.require(values.size() < MOST_VALUES, text, "at most " + MOST_VALUES + " values");
        values.add(value);
    }
}
