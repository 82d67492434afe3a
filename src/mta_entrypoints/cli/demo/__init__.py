"""`mta demo`: practice city, `mta up` and a scripted citizen, as a timeline."""

from mta_entrypoints.cli.demo.command import demo

__all__ = ["demo"]
