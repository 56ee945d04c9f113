/** The live page as users see it: in Chromium, from the real server, which shows what a script says. */
@NullMarked
package io.github.kubevxlan.browser;

import org.jspecify.annotations.NullMarked;
