"""`docs/rights.md` says in words what the table of addresses says, which the product does."""

from pathlib import Path

from learners.tests.permissions.names import NAMES
from lms.tests.permissions import words
from lms.tests.permissions.table import lines


def test_the_page_says_what_the_table_of_addresses_says():
    page = words.PAGE.read_text()
    table = page.split(words.BEGIN)[1].split(words.END)[0]
    assert table == words.in_words(), "python -m lms.tests.rights writes it anew"


def test_the_page_speaks_of_every_role():
    prose = words.PAGE.read_text().split(words.BEGIN)[0].lower()
    assert [role for role in words.ROLES if f"**{role}" not in prose] == []


def test_the_page_leads_to_the_table_and_the_readme_to_the_page():
    readme = Path("README.md").read_text()
    assert "(docs/rights.md)" in readme
    assert "(permissions.md)" in words.PAGE.read_text()


def test_every_line_speaks_of_everybody():
    unsaid = [(str(line), name) for line in lines() for name in NAMES if name not in line.cells]
    assert unsaid == []
