package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How an option is read from a text and printed again.
 *
 * @param isList whether it takes several values
 * @param reader sets the value, or adds it to a list; throws {@link InvalidValueException} if the text is none
 * @param values those that are set, in order, as they are printed
 */
record OptionValue(boolean isList, BiConsumer<OptionsBuilder, String> reader, Function<Options, Stream<?>> values) {
    /** A value that options have or have not. */
    static <T> OptionValue one(
            Function<String, T> parser,
            BiConsumer<OptionsBuilder, Optional<T>> setter,
            Function<Options, Optional<T>> getter) {
        return new OptionValue(
                false,
                (options, text) -> setter.accept(options, Optional.of(parser.apply(text))),
                options -> getter.apply(options).stream());
    }

    /** Values in the order given. */
    static <T> OptionValue list(
            Function<String, T> parser, Function<OptionsBuilder, Set<T>> target, Function<Options, List<T>> getter) {
        return new OptionValue(
                true,
                (options, text) -> OptionsBuilder.add(target.apply(options), parser.apply(text), text),
                options -> getter.apply(options).stream());
    }

    /** A word that may stand there and changes nothing. */
    static OptionValue word(String word) {
        return new OptionValue(
                false, (_, text) -> OptionsBuilder.require(text.equals(word), text, word), _ -> Stream.empty());
    }

    /** An attribute of the link. */
    static OptionValue of(LinkAttribute attribute) {
        return new OptionValue(
                false,
                (options, text) -> options.attributes.put(attribute, attribute.parse(text)),
                options -> Optional.ofNullable(options.attributes().get(attribute)).map(attribute::print).stream());
    }
}
