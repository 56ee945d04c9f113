package io.github.kubevxlan.controller.observe;

/** Text of an agent's report that goes into logs, Events and statuses: what no terminal should get is replaced. */
final class ShownText {
    /** IFNAMSIZ and IFALIASZ without the final zero. */
    private static final int MOST_OF_NAME = 15;

    private static final int MOST_OF_ALIAS = 255;

    private ShownText() {}

    /** A device's name. What is replaced is in no name of ours, so no other device passes for one of ours. */
    static String name(String reported) {
        return cut(reported.replaceAll("[^\\x21-\\x7e]", "?"), MOST_OF_NAME);
    }

    /** A device's ifalias. */
    static String alias(String reported) {
        return cut(reported.replaceAll("[^\\x20-\\x7e]", "?"), MOST_OF_ALIAS);
    }

    private static String cut(String text, int most) {
        return text.length() > most ? text.substring(0, most) : text;
    }
}
