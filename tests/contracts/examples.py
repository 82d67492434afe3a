"""How hypothesis draws examples for suites that several classes inherit."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

inherited = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[
        # A subject may be slow to write.
        HealthCheck.too_slow,
        # One subject serves all examples of a test: each begins with fresh ids.
        HealthCheck.function_scoped_fixture,
        # The double and the adapters run the very same function: that is the point.
        HealthCheck.differing_executors,
    ],
)
