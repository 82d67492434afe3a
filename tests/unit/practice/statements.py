"""The table of contract statements: what the city does, and the test that shows it.

The parts lie in ``statements_*.py`` beside this file, each with a tuple STATEMENTS.
"""

from __future__ import annotations

import attrs


@attrs.frozen
class Statement:
    """One statement of the contract.

    *section*: where it stands there, as in "2.5". *text*: what it says, in short.
    *test*: the test that holds it, as in ``test_practice_timers.py::TestOrder`` or
    ``test_practice_timers.py::TestOrder::test_some_thing``, in this folder or below
    ``tests/integration/practice``. *note*: how something is reached here that the
    city reaches through its backend, or what is inferred.
    """

    section: str
    text: str
    test: str
    note: str = ""
