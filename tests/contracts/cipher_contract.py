"""The contract of the cipher port: subclass `CipherContract`, give two fixtures.

``cipher``    a `Cipher`.
``stranger``  one of the same kind with another key.
"""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mta_core.domain.errors import CannotUnseal
from mta_core.ports.cipher import Cipher
from mta_core.testing.builders import an_id
from tests.contracts.examples import inherited

TEXT = "ada.mueller@example.org"
_any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


class CipherContract:
    """Everything that is asked of a cipher."""

    @inherited
    @given(
        person=st.uuids(),
        row=st.uuids(),
        field=st.text("abcdefghijklmnopqrstuvwxyz_.", min_size=1, max_size=20),
        text=_any_text,
    )
    def test_what_is_sealed_can_be_opened(
        self, cipher: Cipher, person: UUID, row: UUID, field: str, text: str
    ) -> None:
        sealed = cipher.seal(person, row, field, text)
        assert cipher.open(person, row, field, sealed) == text

    def test_sealed_text_cannot_be_read(self, cipher: Cipher) -> None:
        sealed = cipher.seal(an_id(), an_id(), "email", TEXT)
        assert TEXT not in sealed
        assert "example" not in sealed

    def test_no_two_seals_are_alike(self, cipher: Cipher) -> None:
        person, row = an_id(), an_id()
        seals = {cipher.seal(person, row, "email", TEXT) for _ in range(20)}
        assert len(seals) == 20

    def test_another_person_cannot_open(self, cipher: Cipher) -> None:
        person, row = an_id(), an_id()
        sealed = cipher.seal(person, row, "email", TEXT)
        with pytest.raises(CannotUnseal):
            cipher.open(an_id(), row, "email", sealed)

    def test_another_row_cannot_open(self, cipher: Cipher) -> None:
        person, row = an_id(), an_id()
        sealed = cipher.seal(person, row, "email", TEXT)
        with pytest.raises(CannotUnseal):
            cipher.open(person, an_id(), "email", sealed)

    def test_person_and_row_are_told_apart(self, cipher: Cipher) -> None:
        person, row = an_id(), an_id()
        sealed = cipher.seal(person, row, "email", TEXT)
        with pytest.raises(CannotUnseal):
            cipher.open(row, person, "email", sealed)

    def test_another_field_cannot_open(self, cipher: Cipher) -> None:
        person, row = an_id(), an_id()
        sealed = cipher.seal(person, row, "email", TEXT)
        with pytest.raises(CannotUnseal):
            cipher.open(person, row, "name", sealed)

    def test_another_key_cannot_open(self, cipher: Cipher, stranger: Cipher) -> None:
        person, row = an_id(), an_id()
        sealed = cipher.seal(person, row, "email", TEXT)
        with pytest.raises(CannotUnseal):
            stranger.open(person, row, "email", sealed)

    def test_a_changed_letter_is_noticed(self, cipher: Cipher) -> None:
        person, row = an_id(), an_id()
        sealed = cipher.seal(person, row, "email", TEXT)
        for place, letter in enumerate(sealed):
            other = "B" if letter == "A" else "A"
            changed = f"{sealed[:place]}{other}{sealed[place + 1:]}"
            with pytest.raises(CannotUnseal):
                cipher.open(person, row, "email", changed)

    @pytest.mark.parametrize("nonsense", ["", "A", "not sealed at all", "ä" * 80, "."])
    def test_nonsense_cannot_be_opened(self, cipher: Cipher, nonsense: str) -> None:
        with pytest.raises(CannotUnseal):
            cipher.open(an_id(), an_id(), "email", nonsense)

    def test_a_cut_seal_cannot_be_opened(self, cipher: Cipher) -> None:
        person, row = an_id(), an_id()
        sealed = cipher.seal(person, row, "email", TEXT)
        for cut in (sealed[:-1], sealed[1:], sealed + "A"):
            with pytest.raises(CannotUnseal):
                cipher.open(person, row, "email", cut)
