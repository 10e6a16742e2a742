"""Who sees and may do what: `docs/permissions.md` is the table, and these tests try all of it.

`world` makes the people and what there is to see, `asking` how each address is asked and answered,
`table` reads the page. A new address without a line in the table fails.
"""
