"""A state can be kept at any time: whoever makes a release does not find out that it cannot."""

import subprocess
import sys

from lms.demo.people import SANNE
from lms.tests.processes import ROOT
from lms.tests.upgrade import given, keeping

# What nothing of the product writes: Django's own log, and what is kept of each wrong password.
EMPTY = {
    "admin.logentry",
    "axes.accessattemptexpiration",
    "axes.accessfailurelog",
    "axes.accesslog",
}


def test_every_table_has_rows_to_keep(kept):
    assert {label for label, table in kept.tables.items() if not table.rows} <= EMPTY


def test_what_is_kept_is_small(kept):
    assert (keeping.FOLDER / f"{kept}{keeping.ENDING}").stat().st_size < 1_500_000


def test_todays_state_can_be_kept(tmp_path):
    command = [sys.executable, "-m", "lms.tests.upgrade.make", "today", "--into", str(tmp_path)]
    then = ["--at", "2027-03-02T15:10+01:00", "--whose", SANNE]
    subprocess.run([*command, *then], cwd=ROOT, check=True)
    today = keeping.read_file(tmp_path / f"today{keeping.ENDING}")
    assert {label for label, table in today.tables.items() if not table.rows} <= EMPTY
    assert len(today.facts["pages"][SANNE]) > 30
    assert {*today.facts["tasks"]} == {given.said(one)[0] for one in today.facts["messages"]}
