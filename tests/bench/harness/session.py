"""One run: the arguments, the peers in turn, a line of results for each scenario."""
import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

from . import machine
from .catalogue import SCENARIOS, choose
from .cell import Cell
from .peers import all_peers
from .scenarios import AT_ONCE, RUNNERS, SPOILS

SOURCE = Path(__file__).parents[3]
TOO_LOUD = 0.2  # others' share of the machine, kernel threads of the disk included, from which on a round is repeated


def parse(words):
    parser = argparse.ArgumentParser(prog="tests/bench/run", description="Measures mail servers against each other on this machine.")
    parser.add_argument("scenarios", nargs="*", help="names of scenarios, or all")
    parser.add_argument("--list", action="store_true", help="show scenarios and peers")
    parser.add_argument("--peers", help="separated by commas; default: all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--messages", type=int, help="instead of each scenario's own number")
    parser.add_argument("--work", type=Path, default=Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "qmailkit-bench",
                        help="on a real disk: the roots of the peers, made once, and those at work")
    parser.add_argument("--build", type=Path, help="a build of ours; default: built below --work")
    parser.add_argument("--tools", type=Path, help="the folder with bench_load and the others; default: built below --work")
    parser.add_argument("--out", type=Path, help="result file, appended to; default: standard output")
    parser.add_argument("--quiet", type=float, default=0.1, help="before each peer wait a minute at most until others use less of the machine; 0: do not wait")
    parser.add_argument("--retries", type=int, default=2, help=f"of a scenario in which others used {TOO_LOUD:.0%}% of the machine or more")
    options = parser.parse_args(words)
    try:
        options.scenarios = choose(options.scenarios)
    except ValueError as error:
        parser.error(str(error))
    if not options.scenarios and not options.list:
        parser.error("which scenarios? (--list shows them)")
    options.work = options.work.resolve()
    return options


def build(folder, source, *settings):
    """Builds what is not up to date; returns the folder."""
    configure = ["cmake", "-S", source, "-B", folder, "-DCMAKE_BUILD_TYPE=Release", *settings]
    for command in (configure, ["cmake", "--build", folder, "--parallel", str(os.cpu_count())]):
        subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)
    return folder


def tell(*words):
    print(time.strftime("%H:%M:%S"), *words, file=sys.stderr, flush=True)


def show():
    for scenario in SCENARIOS.values():
        print(f"{scenario.name:4} {scenario.work}" + (f" ({scenario.full})" if scenario.full else ""))
    print("peers:", *all_peers(None))


def measure_once(cell, scenario, messages):
    """With the share of the machine that neither the server nor the load used."""
    groups = (cell.server, cell.load)
    begin, busy, known = time.monotonic(), machine.busy_seconds(), sum(g.cpu_seconds() for g in groups)
    try:
        result = RUNNERS[scenario.name](cell, messages)
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        result = {"failed": f"{type(error).__name__}: {error}"}
    foreign = machine.busy_seconds() - busy - (sum(g.cpu_seconds() for g in groups) - known)
    return result | {"others": machine.share_of_others(time.monotonic() - begin, foreign)}


def measure(cell, scenario, options):
    """The quietest of as many tries as it takes."""
    messages = options.messages or cell.peer.fewer.get(scenario.name, scenario.full)
    results = []
    for _ in range(1 + options.retries):
        results.append(measure_once(cell, scenario, messages))
        if results[-1]["others"] < TOO_LOUD or scenario.name in SPOILS or results[-1].get("failed"):
            break
        machine.wait_for_quiet(options.quiet)
    return min(results, key=lambda result: result["others"])


def run_peer(cell, options, keep):
    """All scenarios of one peer in one round; a server that runs and has an empty queue serves the next one as well."""
    for scenario in options.scenarios:
        if scenario.name in cell.peer.cannot:
            continue
        at_once = AT_ONCE.get(scenario.name, 100)
        if not cell.at_once:
            cell.make(at_once)
        if cell.at_once != at_once or scenario.name == "S5":
            cell.stop()
            cell.configure(at_once)
        if not cell.process:
            cell.start()
            cell.idle_cpu(0)
        result = measure(cell, scenario, options)
        keep({"peer": cell.peer.name, "scenario": scenario.name, **result})
        if scenario.name in SPOILS or result.get("queued") or result.get("failed"):
            cell.discard()
            cell.at_once = 0
    cell.stop()


def about(options, cells):
    """What belongs beside the figures; the command without what is this machine's own."""
    names = [s.name for s in options.scenarios]
    words = ["all"] if len(names) == len(SCENARIOS) else names
    words += ["--peers", options.peers] if options.peers else []
    words += ["--messages", str(options.messages)] if options.messages else []
    command = shlex.join(["tests/bench/run", *words, "--rounds", str(options.rounds)])
    versions = {cell.peer.name: cell.peer.version(cell.root) for cell in cells}
    return machine.describe() | {"command": command, "versions": versions}


def run(options, out):
    peers = all_peers(options.build or build(options.work / "build", SOURCE, "-DQMAILKIT_TESTS=OFF"))
    tools = options.tools or build(options.work / "tools", SOURCE / "tests/bench/tools")
    chosen = options.peers.split(",") if options.peers else list(peers)
    unknown = set(chosen) - set(peers)
    if unknown:
        sys.exit(f"no such peer: {', '.join(sorted(unknown))} (--list shows them)")
    failed = False

    def keep(result):
        nonlocal failed
        failed = failed or bool(result.get("failed") or result.get("lost"))
        print(json.dumps(result), file=out, flush=True)
        tell(*(f"{key}={value}" for key, value in result.items()))

    disk = machine.mount_fresh_disk(options.work, options.messages or 0)
    cells = [Cell(peers[name], options.work, disk, tools.resolve()) for name in chosen]
    try:
        for cell in cells:
            cell.make()
        print(json.dumps({"about": about(options, cells)}), file=out, flush=True)
        for number in range(1, options.rounds + 1):
            for cell in cells:
                machine.wait_for_quiet(options.quiet)
                run_peer(cell, options, lambda result: keep({**result, "round": number}))
    finally:
        for cell in cells:
            cell.close()
    return 1 if failed else 0


def main(words):
    options = parse(words)
    if options.list:
        show()
        return 0
    if os.geteuid() != 0:
        sys.exit("tests/bench/run needs root, for namespaces and cgroups: run it with sudo")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options.work.mkdir(parents=True, exist_ok=True)
    if options.out:
        with options.out.open("a") as out:
            return run(options, out)
    return run(options, sys.stdout)
