"""A real city for programs that import `mta_core`: no settings, no files, no process.

It needs the extra ``city`` alone.
"""

from mta_entrypoints.library.container import City, opened_city

__all__ = ["City", "opened_city"]
