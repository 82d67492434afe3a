"""The SQLite store keeps the repository contract."""

from __future__ import annotations

import pytest

from tests.contracts.repository_contract import RepositoryContract

pytestmark = pytest.mark.integration


class TestSqlStore(RepositoryContract):
    """The store of this folder's fixtures against the contract."""
