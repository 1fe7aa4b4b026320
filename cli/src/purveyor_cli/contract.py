"""`python -m purveyor_cli.contract`: write the contract's files; `--check` or `--release` them."""

from __future__ import annotations

import argparse
import sys

import procurement.worker
import sourcing.worker
import supplier_performance.worker
from purveyor_contract import checker

CONTRACT = checker.Contract(
    consumers={
        "procurement": procurement.worker.CONSUMERS,
        "sourcing": sourcing.worker.CONSUMERS,
        "supplier-performance": supplier_performance.worker.CONSUMERS,
    },
    publishes={
        "procurement": procurement.worker.PUBLISHES,
        "sourcing": sourcing.worker.PUBLISHES,
        "supplier-performance": supplier_performance.worker.PUBLISHES,
    },
)


def main() -> int:
    """Write, check or release the files; returns the process's exit code."""
    parser = argparse.ArgumentParser(prog="python -m purveyor_cli.contract", description=checker.__doc__)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="change nothing, name every fault")
    mode.add_argument("--release", action="store_true", help="freeze the written schemas as released")
    chosen = parser.parse_args()
    if not (chosen.check or chosen.release):
        CONTRACT.write()
        return 0
    faults = CONTRACT.faults()
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    if chosen.release and not faults:
        CONTRACT.release()
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
