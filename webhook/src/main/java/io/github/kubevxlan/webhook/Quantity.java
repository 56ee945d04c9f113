package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.net.InvalidValueException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Kubernetes quantity above 0, as {@code 250m} or {@code 64Mi}. Two that mean the same amount are equal, however they
 * are written: {@code 1Gi} and {@code 1073741824}.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/">Quantity</a>
 */
final class Quantity implements Comparable<Quantity> {
    private static final String ALLOWED = "a quantity above 0, such as 250m or 64Mi";
    private static final int MOST_CHARACTERS = 32;
    private static final Pattern FORM =
            Pattern.compile("\\+?([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,2})?");
    private static final Map<String, Integer> DECIMAL =
            Map.of("n", -9, "u", -6, "m", -3, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E", 18);
    private static final String BINARY = "KMGTPE";

    private final String text;
    private final BigDecimal amount;

    private Quantity(String text, BigDecimal amount) {
        this.text = text;
        this.amount = amount;
    }

    /** Parses one; throws InvalidValueException for anything else, and for 0. */
    static Quantity parse(String text) {
        Matcher form = FORM.matcher(text);
        if (text.length() > MOST_CHARACTERS || !form.matches()) {
            throw new InvalidValueException(text, ALLOWED);
        }
        BigDecimal amount = scale(new BigDecimal(form.group(1)), form.group(2) == null ? "" : form.group(2));
        if (amount.signum() == 0) {
            throw new InvalidValueException(text, ALLOWED);
        }
        return new Quantity(text, amount.stripTrailingZeros());
    }

    private static BigDecimal scale(BigDecimal number, String suffix) {
        if (suffix.isEmpty()) {
            return number;
        } else if (suffix.endsWith("i")) {
            return number.multiply(BigDecimal.valueOf(1024).pow(BINARY.indexOf(suffix.charAt(0)) + 1));
        } else if (DECIMAL.containsKey(suffix)) {
            return number.scaleByPowerOfTen(DECIMAL.get(suffix));
        }
        return number.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1)));
    }

    @Override
    public int compareTo(Quantity other) {
        return amount.compareTo(other.amount);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Quantity quantity && amount.equals(quantity.amount);
    }

    @Override
    public int hashCode() {
        return amount.hashCode();
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
