"""Which question next: planners side by side in virtual time, under the same limits.

Worlds: `worlds` and `draws` (the polling study's, draw for draw), `ticks`, `shifts`,
`traces`, and `scenarios` by name. In `play` a poll sees everything, as in the study; in
`real`, with `city` and `appointments`, it sees what the city would show, and the
product's budget code says when it may ask. Compared are the product's planners
(`produced`), simple rules (`policies`, `real_rules`, `per_user`) and oracles that know
the true rates. `campaign` plays; `scores`, `bars`, `table` and `plot` tell what came.
"""
