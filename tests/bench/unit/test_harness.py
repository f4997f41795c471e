import contextlib
import io
import os
import tempfile
import unittest
from pathlib import Path

from harness import machine, session, site
from harness.catalogue import SCENARIOS
from harness.peers import all_peers
from harness.roots import complete
from harness.scenarios import RUNNERS


class Arguments(unittest.TestCase):
    def test_scenarios_peers_and_rounds(self):
        options = session.parse(["S1a", "S2", "--peers", "postfix", "--rounds", "5"])
        self.assertEqual([s.name for s in options.scenarios], ["S1a", "S2"])
        self.assertEqual((options.peers, options.rounds), ("postfix", 5))

    def test_nothing_to_run_or_no_such_scenario_is_a_usage_error(self):
        for words in ([], ["S99"]):
            with self.assertRaises(SystemExit), contextlib.redirect_stderr(io.StringIO()):
                session.parse(words)

    def test_the_command_beside_the_figures_names_no_path_of_this_machine(self):
        options = session.parse(["S1a", "--work", "/some/where", "--rounds", "2", "--out", "x"])
        self.assertEqual(session.about(options, [])["command"], "tests/bench/run S1a --rounds 2")

    def test_every_scenario_can_be_run(self):
        self.assertEqual(set(RUNNERS), set(SCENARIOS))


class Sites(unittest.TestCase):
    def test_each_list_domain_has_an_address_of_its_own(self):
        addresses = {address for _, address in site.routes()}
        self.assertEqual(len(addresses), 500)
        self.assertTrue(all(0 < int(a.split(".")[3]) < 255 for a in addresses))

    def test_a_peer_is_set_up_by_files_that_name_what_is_local(self):
        class Recorder(site.Root):
            def run(self, *command):
                return "\n"

        for peer in all_peers(None).values():
            with tempfile.TemporaryDirectory() as folder:
                root = Recorder(folder)
                root.write("etc/mail/submit.cf", "O QueueLA=8\n")
                peer.configure(root, 77)
                text = "".join(path.read_text() for path in Path(folder).rglob("*") if path.is_file())
                self.assertIn(site.LOCAL, text, peer.name)
                self.assertTrue(peer.name == "sendmail" or "77" in text, peer.name)
                self.assertEqual(text.count("d500.test") > 0, peer.name != "exim", peer.name)

    def test_files_of_a_queue_are_counted_at_any_depth(self):
        with tempfile.TemporaryDirectory() as folder:
            root = site.Root(folder)
            for name in ("q/a/1-H", "q/b/c/2-H", "q/a/1-D"):
                root.write(name, "")
            self.assertEqual(root.count("q", "absent", pattern="*-H"), 2)


class Caches(unittest.TestCase):
    def test_what_was_not_finished_is_made_again_and_what_was_is_kept(self):
        with tempfile.TemporaryDirectory() as folder:
            path, made = Path(folder) / "root", []

            def make(target):
                made.append(target)
                target.mkdir()
                if len(made) == 1:
                    raise OSError("no network")

            with self.assertRaises(OSError):
                complete(path, make)
            self.assertFalse(path.exists())
            for _ in range(2):
                complete(path, make)
            self.assertEqual(len(made), 2)
            self.assertTrue(path.is_dir())


class Machine(unittest.TestCase):
    def test_the_share_of_others_is_of_all_processors_and_never_below_nothing(self):
        self.assertEqual(machine.share_of_others(2, os.cpu_count()), 0.5)
        self.assertEqual(machine.share_of_others(1, -0.2), 0)
        self.assertEqual(machine.share_of_others(0, 1), 0)

    def test_memory_of_a_process_and_of_none(self):
        self.assertGreater(machine.memory_kb(os.getpid()), 1000)
        self.assertEqual(machine.memory_kb(0), 0)
