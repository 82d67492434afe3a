"""Serve the practice city from the command line: ``python -m mta_practice``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from mta_practice.catalogue import load_catalogue
from mta_practice.drift import read_drift
from mta_practice.errors import PracticeError
from mta_practice.server import Practice, serve
from mta_practice.settings import Generation, PracticeSettings


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until a signal; give 0, or 2 with a message on stderr."""
    options = _parser().parse_args(arguments)
    try:
        serve(_settings(options), options.host, options.port, _announce)
    except PracticeError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _announce(practice: Practice) -> None:
    sys.stdout.write(f"practice city on {practice.url} (API: {practice.api_url})\n")
    sys.stdout.flush()


def _settings(options: argparse.Namespace) -> PracticeSettings:
    return PracticeSettings(
        seed=options.seed,
        stepped=options.stepped,
        job_period=options.job_period,
        request_limit=options.request_limit,
        catalogue=load_catalogue(options.catalogue) if options.catalogue else None,
        public_url=options.public_url,
        generation=Generation(options.generation),
        drift=read_drift(options.drift),
        frontend=options.frontend,
        blacklist=tuple(options.blacklist),
        origins=tuple(options.origin) or ("*",),
        maintenance=options.maintenance,
        programme=options.programme,
        speed=options.speed,
        clock_file=options.clock,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mta_practice", description=__doc__)
    add = parser.add_argument
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=8480)
    add("--seed", type=int, default=1)
    add("--stepped", action="store_true", help="time moves by POST /practice/clock")
    add("--job-period", type=float, default=60.0, metavar="SECONDS")
    add("--request-limit", type=int, default=60)
    add("--catalogue", metavar="FILE", help="an answer of /offices-and-services/")
    add("--public-url", metavar="URL", help="what links in mails begin with")
    add("--generation", choices=[*Generation], default=Generation.MUC47)
    add(
        "--drift",
        action="append",
        default=[],
        metavar="FIELD=NEWNAME",
        help="rename a field of every answer; FIELD= leaves it out",
    )
    add("--frontend", type=Path, metavar="DIR", help="a frontend build to serve")
    add("--blacklist", action="append", default=[], metavar="ADDRESS_OR_CIDR")
    add("--origin", action="append", default=[], help="whose pages may call; all")
    add("--maintenance", action="store_true", help="start under maintenance")
    add("--programme", action="store_true", help="the city lives by itself")
    add("--speed", type=float, default=1.0, help="times the machine's time")
    add("--clock", type=Path, metavar="FILE", help="a clock to share, made if new")
    return parser


if __name__ == "__main__":
    sys.exit(main())
