"""What all tests need: the contract suites, with asserts that explain themselves."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.contracts")
