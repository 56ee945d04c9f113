package io.github.kubevxlan.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The meaning of an unquoted word of YAML for Kubernetes: the rules of sigs.k8s.io/yaml, which are those of YAML 1.1
 * nearly.
 */
final class PlainScalar {
    private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> YES = Set.of("y", "yes", "on", "true");
    private static final Set<String> NO = Set.of("n", "no", "off", "false");
    private static final Pattern CASES = Pattern.compile("[a-z]+|[A-Z][a-z]*|[A-Z]+");
    private static final Pattern WHOLE =
            Pattern.compile("([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?");
    private static final int MOST_DIGITS = 100;

    private PlainScalar() {}

    static JsonNode value(String text) {
        if (NOTHING.contains(text)) {
            return JsonNodeFactory.instance.nullNode();
        } else if (isOneOf(YES, text)) {
            return JsonNodeFactory.instance.booleanNode(true);
        } else if (isOneOf(NO, text)) {
            return JsonNodeFactory.instance.booleanNode(false);
        }
        String digits = text.replace("_", "");
        boolean isNumber =
                !digits.isEmpty() && digits.length() <= MOST_DIGITS && "+-.0123456789".indexOf(text.charAt(0)) >= 0;
        Matcher whole = WHOLE.matcher(digits);
        if (isNumber && whole.matches()) {
            return JsonNodeFactory.instance.numberNode(whole(whole));
        } else if (isNumber && DECIMAL.matcher(digits).matches()) {
            return JsonNodeFactory.instance.numberNode(new BigDecimal(digits));
        }
        return JsonNodeFactory.instance.textNode(text);
    }

    /** Tells whether a text is a text also where it stands unquoted. */
    static boolean isText(String text) {
        return value(text).isTextual();
    }

    private static boolean isOneOf(Set<String> words, String text) {
        return words.contains(text.toLowerCase(Locale.ROOT))
                && CASES.matcher(text).matches();
    }

    private static BigInteger whole(Matcher matcher) {
        int[] bases = {16, 2, 8, 10};
        for (int i = 0; i < bases.length; i++) {
            String digits = matcher.group(i + 2);
            if (digits != null) {
                return new BigInteger(matcher.group(1) + digits, bases[i]);
            }
        }
        throw new IllegalArgumentException("no digits");
    }
}
