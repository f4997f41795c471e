"""How a file of system tests runs one of its functions: in a sandbox, on a machine of its own."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import sandbox  # noqa: E402
from machine import Machine  # noqa: E402


def main(functions):
    """`functions`: globals() of the script. The scenario's name is the script's only argument."""
    sandbox.enter()
    with Machine() as machine:
        try:
            functions[sys.argv[1]](machine)
        except BaseException:
            if machine.log:
                print("the log of the machine:", *machine.log.lines, sep="\n", file=sys.stderr)
            raise
