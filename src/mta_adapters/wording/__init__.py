"""Messages in people's words. One file of texts per language."""

from mta_adapters.wording.render import render

__all__ = ["render"]
