"""The label cipher keeps the cipher contract."""

from __future__ import annotations

import pytest

from mta_core.testing.cipher import LabelCipher
from tests.contracts.cipher_contract import CipherContract


class TestLabelCipher(CipherContract):
    """The label cipher against the contract."""

    @pytest.fixture
    def cipher(self) -> LabelCipher:
        return LabelCipher()

    @pytest.fixture
    def stranger(self) -> LabelCipher:
        return LabelCipher("somebody else's key")
