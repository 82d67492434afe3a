"""What became of a message, read from the codes that Apprise noted."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
from apprise import AppriseResult

from mta_core.domain.errors import DeliveryFailed, PortError, RecipientGone

# Statuses 4xx that mean "later" (RFC 9110, 8470, 6585).
_LATER = frozenset({408, 425, 429})


@attrs.frozen
class _Refusal:
    """A code that the service answered with. *final*: it will not change its mind."""

    code: int
    final: bool


def judge(result: AppriseResult, name: str) -> PortError | None:
    """Say what became of a message to one service; None if it was taken.

    A redirect and most 4xx of HTTP, and 5xx of SMTP, say that the same will be
    refused again. All that is not clear may be tried again.
    """
    if result:
        return None
    refusals = list(_refusals(result))
    if not refusals:
        return DeliveryFailed(
            f"{name} cannot be reached, or did not say why it did not take the "
            "message. MTA tries again; if this goes on, check the address."
        )
    for refusal in refusals:
        if not refusal.final:
            return DeliveryFailed(
                f"{name} does not take messages now ({refusal.code}). MTA tries again."
            )
    return RecipientGone(
        f"{name} refused the message ({refusals[0].code}). Check the address, with its "
        "password or token, and give it to MTA anew."
    )


def _refusals(result: AppriseResult) -> Iterator[_Refusal]:
    """Read the lines that `quiet` has left."""
    for entry in result.logs():
        kind, *codes = entry.message.split()
        for code in map(int, codes):
            yield _Refusal(code, _is_final(code, of_mail=kind == "smtp"))


def _is_final(code: int, *, of_mail: bool) -> bool:
    if of_mail:
        return code >= 500
    return 300 <= code < 500 and code not in _LATER
