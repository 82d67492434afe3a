"""The city's public appointment API, spoken over HTTP (contract 1)."""

from mta_adapters.city.check import HttpHumanCheck
from mta_adapters.city.client import make_client
from mta_adapters.city.site import HttpSite

__all__ = ["HttpHumanCheck", "HttpSite", "make_client"]
