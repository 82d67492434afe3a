"""The computer's own clock and dice."""

from mta_adapters.system.clock import FastClock, SystemClock
from mta_adapters.system.ids import Uuid7Ids

__all__ = ["FastClock", "SystemClock", "Uuid7Ids"]
