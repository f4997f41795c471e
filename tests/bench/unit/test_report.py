import unittest
from xml.dom import minidom

from harness import report, svg
from harness.catalogue import SCENARIOS
from harness.figures import Figure

RESULTS = [
    {"peer": "postfix", "scenario": "S1a", "round": 1, "rate": 500, "cpu_ms": 3, "others": 0.04},
    {"peer": "qmailkit", "scenario": "S1a", "round": 1, "rate": 2000, "cpu_ms": 0.5, "others": 0.01},
    {"peer": "qmailkit", "scenario": "S1a", "round": 2, "rate": 3000, "cpu_ms": 0.4, "others": 0.01},
]


class Table(unittest.TestCase):
    def test_ours_beside_the_others_with_ranges_and_the_advantage(self):
        lines = report.table(RESULTS).splitlines()
        self.assertEqual(lines[0], "| scenario |  | qmailkit | postfix | ours : best other |")
        self.assertEqual(lines[2], "| S1a | messages/s | 2500 (2000-3000) | 500 | **5x** |")
        self.assertEqual(lines[3], "| S1a | CPU ms per message | 0.45 (0.4-0.5) | 3 | **6.67x** |")

    def test_the_section_replaces_the_one_before_it_and_nothing_else(self):
        page = "before\n" + report.section({}, RESULTS, []) + "after\n"
        text = report.section({"date": "2026-01-02"}, RESULTS, [("S1a", "rate", "x.svg")])
        self.assertEqual(report.insert(page, text), "before\n" + text + "after\n")

    def test_without_results_it_says_so(self):
        self.assertIn("None of this version yet", report.section({}, [], []))

    def test_a_page_without_a_place_for_it_is_refused(self):
        with self.assertRaises(ValueError):
            report.insert("nothing here", "text")

    def test_losses_are_told(self):
        self.assertIn("No message was lost", report.measured({}, RESULTS))
        lossy = [*RESULTS, {"peer": "exim", "scenario": "S2", "round": 1, "lost": 3}]
        self.assertIn("exim S2 round 1: 3 lost", report.measured({}, lossy))


class Chart(unittest.TestCase):
    def setUp(self):
        figures = {"qmailkit": Figure(2500, 2000, 3000), "a<b": Figure(500, 500, 500), "none": Figure(0, 0, 0)}
        self.text = svg.chart(SCENARIOS["S1a"], SCENARIOS["S1a"].metrics[0], figures)
        self.bars = [r for r in minidom.parseString(self.text).getElementsByTagName("rect")]

    def test_a_bar_a_peer_in_proportion_inside_the_picture(self):
        widths = [float(bar.getAttribute("width")) for bar in self.bars]
        self.assertEqual(len(widths), 3)
        self.assertAlmostEqual(widths[0] / widths[1], 5, places=2)
        self.assertLess(widths[0] * 3000 / 2500 + svg.LABELS, svg.WIDTH)

    def test_only_a_range_that_is_one_is_drawn(self):
        self.assertEqual(self.text.count('class="range"'), 1)

    def test_it_can_be_read_on_light_and_on_dark_pages(self):
        self.assertIn("prefers-color-scheme: dark", self.text)
