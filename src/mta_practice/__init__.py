"""The practice city: a faithful stand-in for the city's public appointment API.

It imports nothing of the product and needs nothing but this package: use it in
tests (`create_app`, `running`) and for demonstrations (`serve`).
"""

from __future__ import annotations

from mta_practice.catalogue import load_catalogue
from mta_practice.city import City
from mta_practice.compact import compact_catalogue
from mta_practice.errors import PracticeError
from mta_practice.http.app import create_app
from mta_practice.server import Practice, running, serve
from mta_practice.settings import PracticeSettings

__all__ = [
    "City",
    "Practice",
    "PracticeError",
    "PracticeSettings",
    "compact_catalogue",
    "create_app",
    "load_catalogue",
    "running",
    "serve",
]
