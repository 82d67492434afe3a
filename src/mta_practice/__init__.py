"""The practice city: a faithful stand-in for the city's public appointment API.

It imports nothing of the product and needs nothing but this package: use it in
tests (`create_app`, `running`) and for demonstrations (`serve`).
"""

from __future__ import annotations

from mta_practice.catalogue import load_catalogue
from mta_practice.city import City
from mta_practice.compact import compact_catalogue
from mta_practice.drift import read_drift
from mta_practice.errors import PracticeError
from mta_practice.http.app import create_app
from mta_practice.server import Practice, running, serve
from mta_practice.settings import Generation, HumanRules, PracticeSettings

__all__ = [
    "City",
    "Generation",
    "HumanRules",
    "Practice",
    "PracticeError",
    "PracticeSettings",
    "compact_catalogue",
    "create_app",
    "load_catalogue",
    "read_drift",
    "running",
    "serve",
]
