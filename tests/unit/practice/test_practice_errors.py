from __future__ import annotations

import pytest

from mta_practice.errors import TABLE, Overtaken, Refusal, entry, envelope


def test_table_holds_every_documented_entry() -> None:
    assert len(TABLE) == 67


@pytest.mark.parametrize(
    ("key", "code", "status", "kind"),
    [
        ("notFound", "notFound", 404, "error"),
        ("emptyServiceArrays", "EMPTY_SERVICE_ARRAYS", 400, "warning"),
        ("mismatchedArrays", "MISMATCHED_ARRAYS", 400, "warning"),
        ("ipBlacklisted", "IP_BLACKLISTED", 403, "error"),
        ("noAppointmentForThisScope", "noAppointmentForThisScope", 404, "info"),
        ("rateLimitExceeded", "rateLimitExceeded", 429, "warning"),
    ],
)
def test_entry_has_code_status_and_type(
    key: str, code: str, status: int, kind: str
) -> None:
    found = entry(key)
    assert (found.code, found.status, found.kind) == (code, status, kind)


def test_only_three_entries_have_a_code_of_their_own() -> None:
    assert sum(key != found.code for key, found in TABLE.items()) == 3


def test_unknown_key_goes_out_as_unknown_error() -> None:
    assert envelope(["startDateAfterEndDate"]) == {
        "errors": [
            {
                "errorCode": "unknownError",
                "statusCode": 520,
                "errorType": "error",
                "errorMessage": "An unknown error occurred.",
            }
        ]
    }


def test_http_status_is_the_highest_of_the_list() -> None:
    assert Refusal("invalidOfficeId", "notFound", "invalidEmail").http_status == 404
    assert Refusal("invalidOfficeId", "dateRangeTooLarge").http_status == 520


def test_being_overtaken_is_404_around_520() -> None:
    overtaken = Overtaken()
    assert overtaken.http_status == 404
    assert entry(overtaken.keys[0]).status == 520
