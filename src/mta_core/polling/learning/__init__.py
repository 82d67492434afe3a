"""The planner that learns when and where slots appear, and asks there.

Times in here are seconds since 1970 in UTC, as floats: the planner weighs every pair of
services and office before every question, and that has to be quick. Rates are per
second. Minutes of release are Munich's, so that daylight saving moves nothing.
"""

from mta_core.polling.learning.candidates import Candidate, Part
from mta_core.polling.learning.planner import LearningPlanner

__all__ = ["Candidate", "LearningPlanner", "Part"]
