"""What all tests need: the contract suites, with asserts that explain themselves."""

from __future__ import annotations

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.contracts")

# How long an example takes is the machine's business, not a test's.
settings.register_profile("mta", deadline=None)
settings.load_profile("mta")
