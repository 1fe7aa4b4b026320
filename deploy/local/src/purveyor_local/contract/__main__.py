"""`python -m purveyor_local.contract`: write the contract's files; `--check` or `--release` them."""

from __future__ import annotations

import argparse
import sys

from purveyor_local.contract import files


def main() -> int:
    """Write, check or release the files; returns the process's exit code."""
    parser = argparse.ArgumentParser(prog="python -m purveyor_local.contract", description=files.__doc__)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="change nothing, name every fault")
    mode.add_argument("--release", action="store_true", help="freeze the written schemas as released")
    chosen = parser.parse_args()
    if not (chosen.check or chosen.release):
        files.write()
        return 0
    faults = files.faults()
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    if chosen.release and not faults:
        files.release()
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
