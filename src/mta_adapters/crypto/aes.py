"""Contact data and the city's keys, sealed by AES-256-GCM."""

from __future__ import annotations

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from uuid import UUID

import attrs
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mta_core.domain.errors import CannotUnseal, InvalidValue
from mta_core.ports.cipher import Cipher

KEY_BYTES = 32
_NONCE_BYTES = 12  # what GCM is made for; random ones last for 2^32 seals of one key
_FORMAT = "v1"


def _check_length(_: object, __: object, key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise InvalidValue(f"A master key has {KEY_BYTES} bytes, not {len(key)}.")


@attrs.frozen
class AesCipher(Cipher):
    """Seals texts with a key derived from the master key.

    A sealed text reads ``v1.<key id>.<nonce and ciphertext>``. It is bound to its
    person, row and field: moved elsewhere it does not open.

    Raises:
        InvalidValue: the master key has the wrong length.
    """

    _master: bytes = attrs.field(repr=False, validator=_check_length)
    _aes: AESGCM = attrs.field(init=False, repr=False, eq=False)
    _digest_key: bytes = attrs.field(init=False, repr=False, eq=False)
    key_id: str = attrs.field(init=False)

    @_aes.default
    def _derive_aes(self) -> AESGCM:
        return AESGCM(self._derive(b"mta seal"))

    @_digest_key.default
    def _derive_digest_key(self) -> bytes:
        return self._derive(b"mta digest")

    @key_id.default
    def _derive_key_id(self) -> str:
        return self._derive(b"mta key id").hex()[:8]

    def seal(self, person: UUID, row: UUID, field: str, text: str) -> str:
        """Seal a text. Sealing it twice gives two different results."""
        nonce = os.urandom(_NONCE_BYTES)
        locked = self._aes.encrypt(nonce, text.encode(), _bound(person, row, field))
        body = urlsafe_b64encode(nonce + locked).decode()
        return f"{_FORMAT}.{self.key_id}.{body}"

    def open(self, person: UUID, row: UUID, field: str, sealed: str) -> str:
        """Open what `seal` made.

        Raises:
            CannotUnseal: another key, person, row or field, or it was tampered with.
        """
        version, _, rest = sealed.partition(".")
        key_id, _, body = rest.partition(".")
        if version != _FORMAT:
            raise CannotUnseal(
                "Sealed data has a form that this release does not know: update MTA."
            )
        if key_id != self.key_id:
            raise CannotUnseal(
                f"Sealed data needs the master key {key_id}, but the present one is "
                f"{self.key_id}: give MTA_MASTER_KEY, or put back the file master.key, "
                f"that was in use when it was written."
            )
        try:
            return self._decrypt(body, _bound(person, row, field))
        except (InvalidTag, ValueError) as error:
            raise CannotUnseal(
                "Sealed data was damaged, or belongs to another record."
            ) from error

    def digest(self, text: str) -> str:
        """Return a fingerprint that only the holder of the master key can make."""
        return hmac.new(self._digest_key, text.encode(), sha256).hexdigest()

    def _decrypt(self, body: str, bound: bytes) -> str:
        whole = urlsafe_b64decode(body)
        if urlsafe_b64encode(whole).decode() != body:
            raise ValueError("base64 has several spellings, a seal has one")
        nonce, locked = whole[:_NONCE_BYTES], whole[_NONCE_BYTES:]
        return self._aes.decrypt(nonce, locked, bound).decode()

    def _derive(self, purpose: bytes) -> bytes:
        # One key a purpose: none of them tells anything of another.
        kdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose)
        return kdf.derive(self._master)


def _bound(person: UUID, row: UUID, field: str) -> bytes:
    return f"{person}|{row}|{field}".encode()
