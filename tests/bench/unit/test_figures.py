import json
import unittest

from harness.catalogue import SCENARIOS, choose
from harness.figures import Figure, advantage, figure, peers_of, read, short, unsound

RATE, CPU = SCENARIOS["S1a"].metrics


def line(peer="qmailkit", scenario="S1a", **values):
    return {"peer": peer, "scenario": scenario, **values}


class Reading(unittest.TestCase):
    def test_what_is_about_the_run_is_kept_apart_from_results(self):
        about, results = read([json.dumps({"about": {"cpus": 2}}), "", json.dumps(line(rate=1))])
        self.assertEqual(about, {"cpus": 2})
        self.assertEqual(results, [line(rate=1)])

    def test_anything_else_is_refused_with_its_line(self):
        for wrong in ("{", "[]", "{}", json.dumps(line(scenario="S99")), json.dumps({"scenario": "S1a"})):
            with self.assertRaisesRegex(ValueError, "line 2"):
                read([json.dumps(line()), wrong])


class Figures(unittest.TestCase):
    def test_the_median_and_the_range_of_all_rounds(self):
        results = [line(rate=value) for value in (300, 100, 200)]
        self.assertEqual(figure(results, "qmailkit", "S1a", "rate"), Figure(200, 100, 300))

    def test_a_round_with_a_loss_or_a_failure_or_a_queue_counts_for_nothing(self):
        results = [line(rate=10), line(rate=99, lost=1), line(rate=99, failed="why"), line(rate=99, queued=2)]
        self.assertEqual(figure(results, "qmailkit", "S1a", "rate"), Figure(10, 10, 10))
        self.assertEqual(len(list(unsound(results))), 3)

    def test_no_sound_round_is_no_figure(self):
        self.assertIsNone(figure([line(rate=1, lost=1)], "qmailkit", "S1a", "rate"))
        self.assertIsNone(figure([line(cpu_ms=1)], "qmailkit", "S1a", "rate"))

    def test_the_advantage_is_over_the_best_other_whichever_way_it_counts(self):
        ours, slow, fast = (Figure(x, x, x) for x in (600, 100, 300))
        self.assertEqual(advantage(ours, [slow, None, fast], RATE), 2)
        self.assertEqual(advantage(ours, [slow, fast], CPU), 100 / 600)
        self.assertIsNone(advantage(ours, [None], RATE))
        self.assertIsNone(advantage(None, [fast], RATE))

    def test_ours_come_first_and_the_others_as_they_ran(self):
        self.assertEqual(peers_of([line("b"), line("a"), line(), line("b")]), ["qmailkit", "b", "a"])

    def test_three_figures(self):
        for value, text in ((2780.4, "2780"), (99.94, "99.9"), (0.4049, "0.405"), (5, "5")):
            self.assertEqual(short(value), text)


class Choosing(unittest.TestCase):
    def test_names_and_all_in_the_order_they_are_run(self):
        self.assertEqual([s.name for s in choose(["S2", "S1a"])], ["S1a", "S2"])
        self.assertEqual(choose(["all"]), list(SCENARIOS.values()))

    def test_a_name_that_is_none_is_refused(self):
        with self.assertRaisesRegex(ValueError, "S1x"):
            choose(["S1a", "S1x"])
