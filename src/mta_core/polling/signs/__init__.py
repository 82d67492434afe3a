"""Signs in the city's answers that something is not as it should be.

Pure and deterministic detectors. They see every answer, remember little, and say what
they find as conditions. What they remember is plain JSON, for the store.
"""

from mta_core.polling.signs.signs import Signs

__all__ = ["Signs"]
