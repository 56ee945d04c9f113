/** The controller: makes the overlay of every member pod what its networks declare. */
@NullMarked
package io.github.kubevxlan.controller;

import org.jspecify.annotations.NullMarked;
