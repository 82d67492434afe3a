"""Watching as a loop of one's own: no database, no process, nothing but three ports.

``async for opening in watch(…)`` is the way of the data for one set of services::

    planner → budget → city → what was observed → openings

The product's own watching (`use_cases.watch`) does the same for many citizens at once,
remembers it, and books.
"""

from mta_core.watching.events import Event, Found, Gone, Sight, SiteView
from mta_core.watching.loop import watch, watch_events

__all__ = ["Event", "Found", "Gone", "Sight", "SiteView", "watch", "watch_events"]
