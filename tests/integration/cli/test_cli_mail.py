"""`mta bookings opened` and `mta bookings no-mail`: the city's mail."""

from __future__ import annotations

from uuid import UUID

import attrs
import pytest

from mta_core.domain.catalogue import Catalogue, OfficeId
from mta_entrypoints.cli.container import CliContainer
from tests.integration.cli.household import (
    CAR,
    CAR_OFFICE,
    Household,
    a_fresh_start,
)

pytestmark = pytest.mark.integration

BOTH = ("opened", "no-mail")


def test_who_has_no_mail_is_told_what_to_do(home: Household) -> None:
    home.preconfirmed()

    said = home.mta("bookings", "no-mail", code=1)

    assert said.lines[0] == (
        "The city holds it for you, and waits for you to open its mail."
    )
    assert "- The mail comes from no-reply@muenchen.example. Look in spam, too." in (
        said.lines
    )
    for words in ("within a few minutes", "Its link works until", "`mta bookings rel"):
        assert any(words in line for line in said.lines)


def test_an_office_without_a_sender_sends_none(home: Household) -> None:
    home.preconfirmed()
    home.within(_forget_the_sender)

    said = home.mta("bookings", "no-mail", code=1)

    assert "names no sender, so the city sends no mail" in said.out
    assert "spam" not in said.out
    assert "`mta bookings release` gives it back" in said.out


def test_who_has_opened_it_too_early_is_told_until_when(home: Household) -> None:
    home.preconfirmed()
    said = home.mta("bookings", "opened", code=1)
    assert said.out.startswith("Not confirmed yet, says the city. Open the city's mail")


@pytest.mark.parametrize("step", BOTH)
def test_either_way_mta_looks_at_once(home: Household, step: str) -> None:
    booking = home.preconfirmed()
    early = home.json("bookings", step, code=1)
    assert (early["id"], early["state"]) == (booking["id"], "preconfirmed")

    home.open_mail(booking["processId"])

    said = home.mta("bookings", step, booking["id"][-6:])
    assert said.out.startswith("Confirmed: ")
    assert said.out.endswith(f", KfZ Zulassungsstelle, number {booking['number']}.\n")
    assert home.json("bookings")[0]["state"] == "confirmed"


@pytest.mark.parametrize("step", BOTH)
def test_who_says_it_again_hears_the_same(home: Household, step: str) -> None:
    booking = home.preconfirmed()
    home.open_mail(booking["processId"])
    home.mta("bookings", "opened")
    before = len(home.ask("ledger"))
    assert home.mta("bookings", step, booking["id"]).out.startswith("Confirmed: ")
    assert home.json("bookings", step, booking["id"])["state"] == "confirmed"
    assert len(home.ask("ledger")) == before


@pytest.mark.parametrize("step", BOTH)
def test_one_that_the_city_knows_no_more_is_over(home: Household, step: str) -> None:
    booking = home.preconfirmed()
    keys = home.within(lambda container: _keys(container, booking["id"]))
    home.cancel_elsewhere(*keys)
    said = home.mta("bookings", step, code=1)
    assert said.out.startswith("The city says: ")
    assert "preconfirmed" not in said.out


@pytest.mark.parametrize("step", BOTH)
def test_there_may_be_no_mail_to_open(home: Household, step: str) -> None:
    home.books()
    said = home.mta("bookings", step, code=2)
    assert said.err == "mta: No booking of yours waits for its mail.\n"

    home.free(a_fresh_start())
    home.look()
    [booking] = home.json("bookings")
    said = home.mta("bookings", step, booking["id"], code=2)
    assert "There is no mail to open: this booking is requested" in said.err


@pytest.mark.parametrize("step", BOTH)
def test_a_booking_of_another_is_nobodys(home: Household, step: str) -> None:
    booking = home.preconfirmed()
    home.mta("subscribe", CAR, "--as", "bela")
    said = home.mta("bookings", step, booking["id"], "--as", "bela", code=2)
    assert "There is no booking" in said.err


async def _forget_the_sender(container: CliContainer) -> None:
    async with container.store().begin() as tx:
        kept = await tx.sights.catalogue()
        assert kept is not None
        city, at = kept
        office = city.offices[OfficeId(CAR_OFFICE)]
        assert office.terms is not None
        silent = attrs.evolve(office, terms=attrs.evolve(office.terms, email_from=""))
        offices = [silent if o.id == office.id else o for o in city.offices.values()]
        changed = Catalogue.of(city.services.values(), offices, city.offers)
        await tx.sights.keep_catalogue(changed, at)
        await tx.commit()


async def _keys(container: CliContainer, booking_id: str) -> tuple[int, str]:
    async with container.store().snapshot() as tx:
        booking = await tx.bookings.get(UUID(booking_id))
    assert booking.held is not None
    return booking.held.process_id, booking.held.auth_key
