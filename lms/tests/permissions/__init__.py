"""Who sees and may do what: `docs/permissions.md` is the table, and these tests try all of it.

Each app says in its own `tests.permissions` how its addresses are asked for and what it adds to the
world; `gathered` has what all of them say, `world` makes the people and what there is to see,
`asking` asks, `table` reads the page. A new address without a line in the table fails.
"""

from lms.tests.permissions.roof import PERMISSIONS

__all__ = ["PERMISSIONS"]
