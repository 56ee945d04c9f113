/** The dialect of our own agent: requests and answers in JSON, as {@code docs/protocol.md} describes them. */
@NullMarked
package io.github.kubevxlan.controller.agent.protocol;

import org.jspecify.annotations.NullMarked;
