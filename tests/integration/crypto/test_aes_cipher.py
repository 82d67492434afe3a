"""AES-GCM keeps the cipher contract, and says what is wrong with a key."""

from __future__ import annotations

from uuid import UUID

import pytest

from mta_adapters.crypto import AesCipher
from mta_core.domain.errors import CannotUnseal, InvalidValue
from mta_core.testing.builders import an_id
from tests.contracts.cipher_contract import CipherContract

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
PERSON, ROW = UUID(int=1), UUID(int=2)


class TestAesCipher(CipherContract):
    """AES against the contract."""

    @pytest.fixture
    def cipher(self) -> AesCipher:
        return AesCipher(KEY)

    @pytest.fixture
    def stranger(self) -> AesCipher:
        return AesCipher(OTHER_KEY)


def test_what_was_sealed_long_ago_still_opens() -> None:
    # Written by this format's first release: it must open forever.
    sealed = "v1.f986cb0a.Gz5vanoUumyl2Ab2jDG195VYM-C3nLPFL3_xV0LfPTArhsn-6xOfc0ogcg=="
    assert AesCipher(KEY).open(PERSON, ROW, "email", sealed) == "ada@example.org"


def test_a_seal_has_one_spelling() -> None:
    sealed = AesCipher(KEY).seal(PERSON, ROW, "email", "x")
    assert sealed.endswith("=")
    # The last letter has bits that base64 itself ignores.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = alphabet[alphabet.index(sealed[-2]) + 1]
    with pytest.raises(CannotUnseal, match="damaged"):
        AesCipher(KEY).open(PERSON, ROW, "email", f"{sealed[:-2]}{twin}=")


def test_a_seal_names_its_format_and_its_key() -> None:
    cipher = AesCipher(KEY)
    version, key_id, _ = cipher.seal(PERSON, ROW, "email", "x").split(".")
    assert (version, key_id) == ("v1", cipher.key_id)
    assert AesCipher(OTHER_KEY).key_id != cipher.key_id


def test_a_wrong_key_is_called_by_its_name() -> None:
    cipher, stranger = AesCipher(KEY), AesCipher(OTHER_KEY)
    sealed = cipher.seal(PERSON, ROW, "email", "x")
    with pytest.raises(CannotUnseal, match="MTA_MASTER_KEY") as caught:
        stranger.open(PERSON, ROW, "email", sealed)
    assert cipher.key_id in str(caught.value)
    assert stranger.key_id in str(caught.value)


def test_a_newer_format_asks_for_an_update() -> None:
    with pytest.raises(CannotUnseal, match="update MTA"):
        AesCipher(KEY).open(PERSON, ROW, "email", "v2.abc.def")


def test_the_error_does_not_show_the_sealed_text() -> None:
    sealed = AesCipher(KEY).seal(PERSON, ROW, "email", "x")
    with pytest.raises(CannotUnseal) as caught:
        AesCipher(KEY).open(an_id(), ROW, "email", sealed)
    assert sealed.rpartition(".")[2] not in str(caught.value)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(InvalidValue, match=f"32 bytes, not {length}"):
        AesCipher(bytes(length))


def test_the_key_is_not_shown() -> None:
    assert repr(AesCipher(KEY)) == f"AesCipher(key_id='{AesCipher(KEY).key_id}')"


def test_fingerprints_are_the_same_for_the_same_text_and_key() -> None:
    cipher = AesCipher(KEY)
    assert cipher.digest("console\nada") == AesCipher(KEY).digest("console\nada")
    assert cipher.digest("console\nada") != cipher.digest("console\neva")
    assert cipher.digest("console\nada") != AesCipher(OTHER_KEY).digest("console\nada")
