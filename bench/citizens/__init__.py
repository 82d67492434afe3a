"""The figure that matters: who gets an appointment, how soon, by which means.

1,000 citizens in a living city, in virtual time: `town` is the city (the practice city's
stock, staff and crowd), `assumptions` every number that is not a fact of the city,
`people` and `habits` the citizens, `page` what they do on the city's own page. `alone`,
`peers` and `watcher` (with `desk` and `turns`) are the means that are held side by side,
in the same city with the same citizens. `python -m bench.citizens --help` tells more.
"""
