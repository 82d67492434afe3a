"""Are the packages installed that this release was made for?"""

from __future__ import annotations

import platform
import re
import sqlite3
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

import attrs

from mta_entrypoints.doctor.findings import Finding, ok, warning, wrong
from mta_entrypoints.settings import DISTRIBUTION, own_version

FRONT_DOOR = "app"
"""The extra with everything that `mta` needs."""

_NAME = re.compile(r"[\w.-]+")
_BOUND = re.compile(r"(>=|<)\s*([\d.]+)")
_WANTED_BY = re.compile(r"extra\s*==\s*['\"]([\w-]+)['\"]")


@attrs.frozen
class Requirement:
    """A package that is needed, and the bounds of its version, as (sign, version)."""

    name: str
    bounds: tuple[tuple[str, str], ...]

    def complaint(self, installed: str) -> str:
        """Say why an installed version does not do; empty if it does."""
        for sign, bound in self.bounds:
            new_enough = _numbers(installed) >= _numbers(bound)
            if new_enough is not (sign == ">="):
                return f"{self.name} {installed} is installed, not {sign}{bound}"
        return ""


def python() -> Finding:
    """Name what everything runs on."""
    return ok(
        "Python",
        f"MTA {own_version()} runs on Python {platform.python_version()} "
        f"with SQLite {sqlite3.sqlite_version}.",
    )


def packages(distribution: str = DISTRIBUTION, extra: str = FRONT_DOOR) -> Finding:
    """Compare the installed packages with what the distribution asks for."""
    try:
        needed = list(_needed(requires(distribution) or [], extra))
    except PackageNotFoundError:
        return warning(
            "packages",
            "MTA runs from its source, without being installed: nobody knows which "
            "packages it needs.",
            "Install it, as `make setup` does.",
        )
    if complaints := list(_complaints(needed)):
        return wrong(
            "packages",
            f"{'; '.join(complaints)}.",
            "Install MTA again, as `make setup` does.",
        )
    return ok("packages", f"{len(needed)} packages are there in versions that fit.")


def _needed(lines: list[str], extra: str) -> Iterator[Requirement]:
    """Read a distribution's metadata, as far as ours needs it."""
    for line in lines:
        asked, _, condition = line.partition(";")
        wanted_by, name = _WANTED_BY.search(condition), _NAME.match(asked)
        if name and (wanted_by is None or wanted_by[1] == extra):
            yield Requirement(name[0], tuple(_BOUND.findall(asked)))


def _complaints(needed: list[Requirement]) -> Iterator[str]:
    for each in needed:
        try:
            complaint = each.complaint(version(each.name))
        except PackageNotFoundError:
            complaint = f"{each.name} is not installed"
        if complaint:
            yield complaint


def _numbers(text: str) -> list[int]:
    """Read a version's numbers; what stands behind them does not matter here."""
    return [int(part) for part in re.findall(r"\d+", text.partition("+")[0])]
