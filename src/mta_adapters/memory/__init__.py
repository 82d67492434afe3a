"""Parts that live in the process and nowhere else."""

from mta_adapters.memory.limiter import MemoryLimiter
from mta_adapters.memory.queue import NoQueue

__all__ = ["MemoryLimiter", "NoQueue"]
