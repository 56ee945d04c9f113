#!/usr/bin/env python3
"""bench/micro.py WORK JSON: the table of what JMH measured. A review is beside Jackson's reading of the same bytes as a
tree; what grows with members or networks is beside what it takes for a few of them: a ratio of 1 is no growth."""
import json
import pathlib
import sys

import results


class Measured:
    """What JMH measured of METHOD at SIZE."""

    def __init__(self, runs):
        self.runs = {(run["benchmark"].rsplit(".", 2)[1] + "." + run["benchmark"].rsplit(".", 1)[1],
                      int(run["params"]["size"])): run for run in runs}

    def micros(self, method, size):
        """Of each iteration."""
        return [value for fork in self.runs[method, size]["primaryMetric"]["rawData"] for value in fork]

    def kilobytes(self, method, size):
        """Allocated, of each iteration."""
        raw = self.runs[method, size]["secondaryMetrics"]["gc.alloc.rate.norm"]["rawData"]
        return [value / 1000 for fork in raw for value in fork]


def figures(measured):
    for size in 4, 20, 100:
        for unit, values in units(measured):
            yield results.Figure.beside_peer(f"review of {size} KiB: {unit[0]}", unit[1], values("ReviewBench.answer", size),
                                             "as a tree", values("ReviewBench.tree", size))
    for unit, values in units(measured):
        yield growth(f"ConfigMap, a network: {unit[0]}", unit[1], values, "DefinitionsBench.parse", (100, 1000), True)
    for method, name in ("plan", "one more comes and goes, the segment's table and a peer's plan after each"), ("change", "the request to a peer about one more"), \
            ("compare", "a drift check without drift"):
        for unit, values in units(measured):
            yield growth(f"{name}: {unit[0]}", unit[1], values, f"SegmentBench.{method}", (40, 1000), False)


def units(measured):
    return (("time", "µs"), measured.micros), (("allocated", "KB"), measured.kilobytes)


def growth(name, unit, values, method, sizes, each):
    """At the larger size, or for each of them, beside the same at the smaller one."""
    few, many = ([value / (size if each else 1) for value in values(method, size)] for size in sizes)
    return results.Figure.beside_peer(f"{name}, of {sizes[1]:,}", unit, many, f"of {sizes[0]}", few)


def main(work, path):
    measured = Measured(json.loads(pathlib.Path(path).read_text()))
    results.finish(pathlib.Path(work) / "results", figures(measured))


if __name__ == "__main__":
    main(*sys.argv[1:])
