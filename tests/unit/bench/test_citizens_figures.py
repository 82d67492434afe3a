"""From results to the table and the picture."""

from __future__ import annotations

import sys
from pathlib import Path

import attrs
import pytest

from bench.citizens.__main__ import VARIANTS, main, varied
from bench.citizens.assumptions import CITY, Assumptions, table
from bench.citizens.figures import compared, rows, share_within
from bench.citizens.run import Fared, Result
from bench.citizens.world import Tally


def a_result(seed: int = 1, /, *people: Fared, means: str = "alone") -> Result:
    """Build a result of these people, whom any office would suit."""
    return Result(
        means=means,
        seed=seed,
        planner="",
        variant="base",
        days=28,
        tally=Tally(asked=28 * 1440, tries=4, lost=1),
        people={"unchecked": people, "checked": ()},
        seconds=1.0,
    )


def test_only_those_count_who_had_so_many_days() -> None:
    people: list[Fared] = [
        (20.0, 3.0),
        (20.0, 9.0),
        (20.0, None),
        (10.0, 1.0),
        (5.0, 1.0),
    ]
    assert share_within(people, 7) == 2 / 4
    assert share_within(people, 14) == 2 / 3
    assert share_within([], 7) == 0


def test_seeds_are_one_row_with_their_spread() -> None:
    half: tuple[Fared, ...] = ((20.0, 1.0), (20.0, None))
    [row] = rows([a_result(2, *half), a_result(1, (20.0, 1.0))])
    assert row.share("unchecked", 7) == [1.0, 0.5]  # by seed
    assert row.per_minute() == [1.0, 1.0]
    assert row.ratio("lost", "tries") == [0.25, 0.25]
    assert row.ratio("in_vain", "acted") == [0.0, 0.0]


def test_rows_stand_in_the_order_of_the_means() -> None:
    names = [
        row.results[0].means
        for row in rows([a_result(means=n) for n in ("book", "alone")])
    ]
    assert names == ["alone", "book"]


def test_every_assumption_has_a_source() -> None:
    text = table(Assumptions(reaction=60.0))
    assert text.count("\n") == len(attrs.fields(Assumptions)) + len(CITY) + 1
    assert "| reaction: " in text
    assert "| 60 |" in text


def test_from_the_command_line_to_table_and_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, picture = tmp_path / "results.jsonl", tmp_path / "shares.svg"
    small = "--means alone,bound --citizens 8 --days 2 --processes 1"
    arguments = [*small.split(), "--results", str(kept)]
    monkeypatch.setattr(sys, "argv", ["bench.citizens", *arguments])
    main()
    printed = capsys.readouterr().out
    monkeypatch.setattr(
        sys, "argv", ["bench.citizens", "--read", str(kept), "--svg", str(picture)]
    )
    main()
    assert capsys.readouterr().out == printed
    assert printed.count("\n") == 4
    drawn = picture.read_text()
    assert drawn.startswith("<svg ")
    assert ">reloads 10 minutes a day</text>" in drawn


def test_variants_stand_side_by_side() -> None:
    slow = attrs.evolve(a_result(1, (20.0, None)), variant="slow")
    text = compared(rows([a_result(1, (20.0, 1.0)), slow]))
    head, _, line = text.splitlines()
    assert head == "| 14 days: unchecked / checked | base | slow |"
    assert line == "| reloads 10 minutes a day | 100.0 % / 0.0 % | 0.0 % / 0.0 % |"


def test_a_variant_multiplies_what_it_names() -> None:
    changed = varied(Assumptions(), {"reaction": 3.0})
    assert changed == Assumptions(reaction=3 * Assumptions().reaction)
    for factors in VARIANTS.values():
        varied(Assumptions(), factors)
