"""The computer's own clock and dice."""

from mta_adapters.system.clock import SystemClock
from mta_adapters.system.ids import Uuid7Ids

__all__ = ["SystemClock", "Uuid7Ids"]
