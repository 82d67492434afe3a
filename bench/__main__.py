"""`make bench`: run every measurement and print its table."""

from __future__ import annotations

import argparse
import asyncio

from bench import importing, main_line


def main() -> None:
    """Read how much to do, do it, print it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=60, help="openings to release")
    parser.add_argument("--imports", type=int, default=20, help="times to import")
    chosen = parser.parse_args()
    print(asyncio.run(main_line.measure(chosen.rounds)).table())
    print()
    print(importing.measure(chosen.imports).table())


if __name__ == "__main__":
    main()
