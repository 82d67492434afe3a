"""The programme: a city that lives by itself (contract 8).

Staff release slots in batches at the hours that the offices state, booking windows
roll, other citizens take slots, let some lapse and cancel others. It is a synthetic
world: the hours are the city's own, the numbers are drawn from the seed.

`draws` is the dice, `releases` what is known of the offices' hours, `counters` the
offices with their grid and crowd, `plan` what the staff do on a day, `crowd` the
other citizens, `living` all of it in time, `view` what a control route shows.
"""

from __future__ import annotations

from mta_practice.programme.living import Living

__all__ = ["Living"]
