import contextlib
import io
import math
import pathlib
import sys
import tempfile
import unittest

import joins
import kernels
import results
from joins import BARE, IDLE, MEMBERS, One, Round, Times


def pod(conditions=(), sidecars=(), apps=()):
    return {"status": {"conditions": [{"type": kind, "status": status} for kind, status in conditions],
                       "initContainerStatuses": [{"state": {state: {}}} for state in sidecars],
                       "containerStatuses": [{"state": {state: {}}} for state in apps]}}


def times(name="pod", **at):
    return Times(name, at)


def member(late=0.0):
    return times(asked=0.0, admitted=0.1, scheduled=0.2, sidecar=2.0 + late, called=2.1 + late, complete=2.4 + late,
                 everything=2.6 + late, app=3.0 + late, ready=3.5 + late)


def rounds(size, late=0.0):
    floor = [times(asked=0.0, admitted=0.1, scheduled=0.2, sidecar=1.5, app=2.0 + late, ready=2.1 + late)]
    one = One(member(), 2.7, 1.0)
    return [Round(BARE, size, 0.0, floor), Round(IDLE, size, 0.0, floor, 0.5),
            Round(MEMBERS, size, 0.0, [member(), member(late)], 0.8, execs=size, one=one)]


def named(found, name, beside=None):
    return next(one for one in found if one.name == name and beside in (None, one.beside))


class JoinsTest(unittest.TestCase):
    def test_pod_reaches_what_its_status_says(self):
        self.assertEqual(joins.milestones({}), set())
        self.assertEqual(joins.milestones(pod([("PodScheduled", "True"), ("Ready", "False")], ["waiting"], ["waiting"])),
                         {"scheduled"})
        self.assertEqual(joins.milestones(pod([("PodScheduled", "True")], ["running"], ["waiting"])), {"scheduled", "sidecar"})
        self.assertEqual(joins.milestones(pod([("PodScheduled", "True"), ("Ready", "True")], [], ["running"])),
                         {"scheduled", "app", "ready"})

    def test_first_time_counts(self):
        seen = times()
        seen.see(pod(apps=["running"]), 1.0)
        seen.see(pod(apps=["running"]), 2.0)
        self.assertEqual(seen.at, {"app": 1.0})

    def test_phases_follow_each_other(self):
        took = dict(joins.phases([member()]))
        parts = ["admission: the request to make the pod", "until it has a node", "until its sidecar runs",
                 "until its agent is called first", "until its networks are set up", "until its app runs, after that",
                 "until it is ready, after its app runs"]
        self.assertAlmostEqual(sum(took[part][0] for part in parts), took["all of it"][0])
        self.assertNotIn("until its app runs, after the sidecar", took)

    def test_floor_has_its_own_phase_and_none_of_a_member(self):
        took = dict(joins.phases([times(sidecar=1.0, app=1.5)]))
        self.assertEqual(took, {"until its app runs, after the sidecar": [0.5]})

    def test_kernel_is_exact_with_the_last_entry_alone(self):
        self.assertEqual(joins.everything({"a": 1.0, "b": 3.0, "c": 9.0}, {"a", "b"}), 3.0)
        self.assertTrue(math.isnan(joins.everything({"a": 1.0}, {"a", "b"})))

    def test_last_pod_decides(self):
        found = list(joins.figures(rounds(2, late=1.0)))
        run = named(found, "2 at once: all run", IDLE)
        self.assertEqual((run.ours, run.other, run.goal, run.met), (4.0, 3.0, 0.87, False))
        self.assertAlmostEqual(named(found, "2 at once: every entry everywhere, after the last agent runs").ours, 0.6)
        self.assertAlmostEqual(named(found, "2 at once: ready, after its app runs, the slowest").ours, 0.5)
        self.assertEqual(named(found, "2 at once: sessions for each pod, until all are gone").ours, 1.0)
        self.assertAlmostEqual(named(found, "one among 2: complete, after its agent runs").ours, 0.4)
        self.assertAlmostEqual(named(found, "one among 2: every peer has it, after its agent runs").ours, 0.7)

    def test_goal_of_running_is_that_of_the_most_pods(self):
        found = list(joins.figures(rounds(2) + rounds(3)))
        self.assertIsNone(named(found, "2 at once: all run", IDLE).goal)
        self.assertEqual(named(found, "3 at once: all run", IDLE).goal, 0.87)

    def test_entries_ahead_of_the_last_agent_are_no_fault(self):
        made = rounds(2)
        for each in made[2].pods:
            each.at["everything"] = 1.0
        self.assertTrue(named(joins.figures(made), "2 at once: every entry everywhere, after the last agent runs").met)

    def test_the_file_has_what_the_table_has(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as printed:
            results.finish(folder, joins.figures(rounds(40)))
            path, = pathlib.Path(folder).iterdir()
            read = results.read(path)
        self.assertEqual(set(read), {(one.name, one.unit, one.beside) for one in joins.figures(rounds(40))})
        self.assertTrue(all(name in printed.getvalue() for name, _, _ in read))

    def test_tables_leave_out_what_nobody_has(self):
        text = "\n".join(joins.tables(rounds(2)))
        self.assertIn("| until its sidecar runs | 1.30, 1.30 | 1.30, 1.30 | 1.80, 1.80 |", text)
        self.assertIn("| until its agent is called first | – | – | 0.10, 0.10 |", text)


class KernelTest(unittest.TestCase):
    PEER = bytes([10, 0, 0, 2])

    @staticmethod
    def attribute(kind, value):
        padded = value + bytes(-len(value) % 4)
        return (len(value) + 4).to_bytes(2, sys.byteorder) + kind.to_bytes(2, sys.byteorder) + padded

    def entry(self, mac=bytes(6), state=kernels.PERMANENT):
        head = bytes([kernels.AF_BRIDGE, 0, 0, 0]) + bytes(4) + state.to_bytes(2, sys.byteorder) + bytes(2)
        return head + self.attribute(kernels.NDA_LLADDR, mac) + self.attribute(kernels.NDA_DST, self.PEER)

    def test_first_permanent_entry_for_all_counts(self):
        kernel = kernels.Kernel()
        kernel.told(kernels.NEWNEIGH, self.entry(state=2), 1.0)
        kernel.told(kernels.NEWNEIGH, self.entry(mac=bytes(5) + b"\1"), 2.0)
        kernel.told(kernels.NEWNEIGH, self.entry(), 3.0)
        kernel.told(kernels.NEWNEIGH, self.entry(), 4.0)
        kernel.told(kernels.DELNEIGH, self.entry(), 5.0)
        self.assertEqual((kernel.sends, kernel.ceased), ({"10.0.0.2": 3.0}, {"10.0.0.2": 5.0}))

    def test_marker_counts_once_it_says_complete(self):
        kernel = kernels.Kernel()
        head = bytes(4) + (1).to_bytes(4, sys.byteorder) + bytes(8)
        for now, text in (1.0, b"incomplete\0"), (2.0, b"complete generation 7\0"), (3.0, b"complete generation 8\0"):
            kernel.told(kernels.NEWLINK, head + self.attribute(kernels.IFLA_ALIAS, text), now)
        self.assertEqual(kernel.complete, 2.0)

    def test_address_is_not_that_of_loopback(self):
        kernel = kernels.Kernel()
        for index, address in (1, bytes([127, 0, 0, 1])), (2, bytes([10, 0, 0, 9])), (3, bytes([10, 9, 9, 9])):
            head = bytes([2, 32, 0, 0]) + index.to_bytes(4, sys.byteorder)
            kernel.told(kernels.NEWADDR, head + self.attribute(kernels.IFA_ADDRESS, address), 1.0)
        self.assertEqual(kernel.ip, "10.0.0.9")

    def test_messages_are_told_apart(self):
        one = (20).to_bytes(4, sys.byteorder) + (16).to_bytes(2, sys.byteorder) + bytes(10) + b"abcd"
        self.assertEqual(list(kernels.messages(one + one)), [(16, b"abcd"), (16, b"abcd")])


if __name__ == "__main__":
    unittest.main()
