package io.github.kubevxlan.controller.simulation;

/** How a test tells of a history that failed. */
final class FailedHistory {
    private FailedHistory() {}

    /**
     * Prints at once what it gives: which history failed, why, and how to see it again. A parallel stream throws the failure of
     * another thread anew, without its words.
     */
    static String print(Class<?> test, long seed, Throwable failure) {
        String words = "history " + seed + " (to see it: mvn verify -pl controller -am -Dtest=" + test.getSimpleName()
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dhistories.seed=" + seed + "): " + failure;
        System.out.println(words);
        return words;
    }
}
