"""Drift: a city that renames or drops a field overnight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mta_practice.errors import PracticeError


def read_drift(texts: Iterable[str]) -> dict[str, str]:
    """Read ``FIELD=NEWNAME`` (renamed) and ``FIELD=`` (missing).

    Raises:
        PracticeError: there is no ``=`` or no field before it.
    """
    drift: dict[str, str] = {}
    for text in texts:
        field, sign, name = text.partition("=")
        if not sign or not field.strip():
            raise PracticeError(f"drift is FIELD=NEWNAME or FIELD=, not {text!r}")
        drift[field.strip()] = name.strip()
    return drift


def drifted(body: object, drift: Mapping[str, str]) -> object:
    """Rename and drop the fields of *drift* at every depth of *body*."""
    if isinstance(body, Mapping):
        return {
            drift.get(name, name): drifted(value, drift)
            for name, value in body.items()
            if drift.get(name, name)
        }
    if isinstance(body, list):
        return [drifted(item, drift) for item in body]
    return body
