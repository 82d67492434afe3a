"""`python -m mta_entrypoints.cli` is `mta`."""

from mta_entrypoints.cli.main import run

run()
