"""Are watch shifts shared, and by whose leave?"""

from __future__ import annotations

from mta_entrypoints.doctor.findings import Finding, ok
from mta_entrypoints.settings import Settings

CHECK = "watch shifts"


def shared(settings: Settings) -> list[Finding]:
    """Show the city's permission as it was recorded; nothing to tell without one."""
    rules = settings.shift_rules
    if not rules.shared:
        return []
    return [
        ok(
            CHECK,
            "What one person's human check shows is for everybody who waits. The "
            f"city's permission: {rules.permission}",
        )
    ]
