package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How an option is read from a text and printed again.
 *
 * @param isList whether it takes several values
 * @param reader gives the value that a text means, or none; throws {@link InvalidValueException} if the text is no value
 * @param printer prints a value as it is read
 */
record OptionValue(boolean isList, Function<String, Stream<?>> reader, Function<Object, String> printer) {
    /** A value that options have or have not. */
    static OptionValue one(Function<String, ?> parser) {
        return new OptionValue(false, text -> Stream.of(parser.apply(text)), Object::toString);
    }

    /** Values in the order given. */
    static OptionValue list(Function<String, ?> parser) {
        return new OptionValue(true, text -> Stream.of(parser.apply(text)), Object::toString);
    }

    /** A word that may stand there and changes nothing. */
    static OptionValue word(String word) {
        return new OptionValue(
                false,
                text -> {
                    OptionTexts.require(text.equals(word), text, word);
                    return Stream.empty();
                },
                Object::toString);
    }

    /** An attribute of the link. */
    static OptionValue of(LinkAttribute attribute) {
        return new OptionValue(
                false, text -> Stream.of(attribute.parse(text)), value -> attribute.print((Integer) value));
    }

    /** An impairment. */
    static OptionValue of(Impairment impairment) {
        return new OptionValue(
                false, text -> Stream.of(impairment.parse(text)), value -> impairment.print((Integer) value));
    }
}
