"""Everything that can go wrong, as one tree.

Whether an error is *transient* (worth trying again) is a fact of its class, and for a
call to the city so is its *answer*: what may have happened over there. The docstring of
a class is its default message. HTTP statuses and chat texts are mapped at the edge.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import ClassVar


class MtaError(Exception):
    """Something went wrong in MTA."""

    transient: ClassVar[bool] = False

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").partition("\n")[0])


# What is wrong with a wish or a state: found before anything leaves the house.


class DomainError(MtaError):
    """The request does not fit the rules."""


class InvalidValue(DomainError, ValueError):
    """A value is outside what is allowed."""


class IllegalTransition(DomainError):
    """This step is not possible in the current state."""


class NotFound(DomainError, LookupError):
    """There is no such thing."""


class NotOffered(DomainError):
    """No office offers these services together."""


class DetailsMissing(DomainError):
    """The office asks for something that has not been given yet."""


# What the outside world did to us.


class PortError(MtaError):
    """Something outside of MTA failed."""


class StorageConflict(PortError):
    """Somebody else changed the same record first."""

    transient: ClassVar[bool] = True


class StorageUnavailable(PortError):
    """The database cannot be used."""

    transient: ClassVar[bool] = True


class StorageDamaged(StorageUnavailable):
    """The database is damaged: no retry heals it."""

    transient: ClassVar[bool] = False


class CannotUnseal(PortError):
    """Sealed data cannot be read with the present master key."""


class DeliveryFailed(PortError):
    """The message could not be handed over; another try may succeed."""

    transient: ClassVar[bool] = True


class RecipientGone(PortError):
    """The recipient can no longer be reached."""


class Answer(Enum):
    """What is known of a call to the city after it ended (design: booking)."""

    DONE = "done"
    REFUSED = "refused"
    NOT_EXECUTED = "not executed"
    UNKNOWN = "unknown"


class SiteError(PortError):
    """The city did not do what was asked.

    Attributes:
        answer: what may have happened on the city's side.
    """

    answer: ClassVar[Answer] = Answer.UNKNOWN


class SiteUnreachable(SiteError):
    """The city cannot be reached, or says that it is under maintenance."""

    transient: ClassVar[bool] = True
    answer: ClassVar[Answer] = Answer.NOT_EXECUTED


class NotSent(SiteUnreachable):
    """It took too long until the call could leave, so it was not sent."""


class SiteSilent(SiteError):
    """The city took the question but gave no usable answer."""

    transient: ClassVar[bool] = True


class RateLimited(SiteError):
    """The city refused because too many requests came from this address.

    Attributes:
        until: when asking makes sense again, as far as it is known.
    """

    transient: ClassVar[bool] = True
    answer: ClassVar[Answer] = Answer.NOT_EXECUTED

    def __init__(self, message: str = "", *, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class SiteChanged(SiteError):
    """The city's answer has a shape that MTA does not know.

    It is never read as "nothing free": the watcher is blind until somebody looks.
    """


class Refused(SiteError):
    """The city understood the call and refused it.

    Attributes:
        code: the city's ``errorCode`` (contract 2.2).
    """

    answer: ClassVar[Answer] = Answer.REFUSED

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or f"The city refused: {code}")
        self.code = code


class CheckNeeded(Refused):
    """The city wants a human check (captcha) before it answers."""


class CheckFailed(Refused):
    """The city did not take this for a passed human check."""


class SlotGone(Refused):
    """The slot was taken by somebody else."""


class UnknownAppointment(Refused):
    """The city does not know this appointment (any more)."""
