"""Sealing contact data and the city's keys."""

from mta_adapters.crypto.aes import AesCipher
from mta_adapters.crypto.master_key import load_master_key

__all__ = ["AesCipher", "load_master_key"]
