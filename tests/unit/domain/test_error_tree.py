"""One tree of errors: what a class says of itself."""

from __future__ import annotations

import pytest

from mta_core.domain import errors
from mta_core.domain.errors import Answer, MtaError, RateLimited, Refused, SiteError
from tests.unit.domain.builders import NOW, subclasses


def test_the_docstring_is_the_default_message() -> None:
    assert str(errors.StorageUnavailable()) == "The database cannot be used."
    assert str(errors.SiteSilent("no body")) == "no body"


def test_only_the_first_line_of_the_docstring_is_the_message() -> None:
    assert str(RateLimited()).endswith("too many requests came from this address.")


def test_an_error_without_docstring_can_still_be_raised() -> None:
    """As all are under ``python -OO``."""

    class Bare(MtaError):
        pass

    Bare.__doc__ = None
    assert str(Bare()) == ""


def test_a_refusal_names_the_code_of_the_city() -> None:
    error = errors.SlotGone("appointmentNotAvailable")
    assert error.code == "appointmentNotAvailable"
    assert "appointmentNotAvailable" in str(error)
    assert str(Refused("x", "We are closed.")) == "We are closed."


def test_a_rate_limit_may_know_when_it_ends() -> None:
    assert RateLimited(until=NOW).until == NOW
    assert RateLimited().until is None


def test_what_nobody_names_is_unknown_and_permanent() -> None:
    assert SiteError.answer is Answer.UNKNOWN
    assert not MtaError.transient


ANSWERS = {
    errors.SiteUnreachable: Answer.NOT_EXECUTED,
    errors.RateLimited: Answer.NOT_EXECUTED,
    errors.SiteSilent: Answer.UNKNOWN,
    errors.SiteChanged: Answer.UNKNOWN,
    errors.Refused: Answer.REFUSED,
    errors.CheckNeeded: Answer.REFUSED,
    errors.SlotGone: Answer.REFUSED,
    errors.UnknownAppointment: Answer.REFUSED,
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_error_of_the_city_tells_what_may_have_happened(
    kind: type[SiteError],
) -> None:
    assert kind.answer is ANSWERS[kind]


def test_what_was_not_executed_may_always_be_tried_again() -> None:
    for kind in subclasses(SiteError):
        assert kind.transient or kind.answer is not Answer.NOT_EXECUTED


def test_wrong_values_and_missing_things_are_also_the_builtin_kind() -> None:
    assert issubclass(errors.InvalidValue, ValueError)
    assert issubclass(errors.NotFound, LookupError)
