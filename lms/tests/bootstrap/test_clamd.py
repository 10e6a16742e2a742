"""ClamAV for the tests: fetched with what it lacks, unpacked, and never installed."""

import os

import pytest

from lms.bootstrap import clamd, machine
from lms.bootstrap.shell import SetUpError
from lms.tests.bootstrap.test_bootstrap import calls, path, put

__all__ = ["path"]
LACKING = "echo 'Inst clamav-daemon (1.4.6 Debian [amd64])'; echo 'Inst libclamav12 (1.4.6 Debian)'"


@pytest.fixture
def folder(path, tmp_path, monkeypatch):
    """Where it is unpacked, on a machine that has none."""
    monkeypatch.setattr(clamd, "FOLDER", tmp_path / "clamd")
    monkeypatch.setattr(clamd, "SYSTEM", str(tmp_path / "nothing"))
    monkeypatch.setattr(machine, "STAMPS", tmp_path)
    return tmp_path / "clamd"


def test_it_is_fetched_with_what_it_lacks_and_unpacked_once(path, folder):
    put(path, "apt-get", f'[ "$1" = -s ] && {{ {LACKING}; exit 0; }}; echo > clamav-daemon.deb')
    put(path, "dpkg", '/bin/mkdir -p "$3/usr/sbin"; echo > "$3/usr/sbin/clamd"')
    for _twice in range(2):
        machine.find_or_install(clamd.NEED, clamd.program, clamd.unpack)
    assert clamd.program() == folder / "usr" / "sbin" / "clamd"
    assert [call.split()[:3] for call in calls(path)] == [
        ["apt-get", "-s", "install"],
        ["apt-get", "download", "clamav-daemon"],
        ["dpkg", "-x", calls(path)[2].split()[2]],
    ]


def test_where_it_cannot_be_fetched_it_is_one_line_to_type(path, folder, monkeypatch, capsys):
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    put(path, "apt-get", "exit 100")
    machine.find_or_install(clamd.NEED, clamd.program, clamd.unpack)
    assert clamd.program() is None
    assert capsys.readouterr().out.splitlines()[-1] == (
        "  ! Tests with ClamAV itself are skipped until you type: "
        "sudo apt-get install -y --no-install-recommends clamav-daemon"
    )


def test_a_package_that_cannot_be_unpacked_is_said(path, folder):
    put(path, "apt-get", f'[ "$1" = -s ] && {{ {LACKING}; exit 0; }}; echo > clamav-daemon.deb')
    put(path, "dpkg", "exit 2")
    with pytest.raises(SetUpError, match="clamd could not be fetched"):
        clamd.unpack()


def test_the_machines_own_will_do(path, folder):
    own = put(path, "clamd")
    assert clamd.program() == own
