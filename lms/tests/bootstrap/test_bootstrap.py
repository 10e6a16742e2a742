"""The set-up, on the real machine where that is quick and on a small made-up one elsewhere."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from lms.bootstrap import __main__ as bootstrap
from lms.bootstrap import instance, machine, packages, shell
from lms.bootstrap.shell import SetUpError

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A PATH with nothing on it but what a test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def put(folder: Path, name: str, script: str = "exit 0") -> Path:
    """A programme that notes how it was called, then does what the script says."""
    programme = folder / name
    programme.write_text(f'#!/bin/sh\necho "${{0##*/}} $*" >> {folder}/calls\n{script}\n')
    programme.chmod(0o755)
    return programme


def calls(folder: Path) -> list[str]:
    file = folder / "calls"
    return file.read_text().splitlines() if file.exists() else []


def test_it_needs_nothing_but_the_standard_library():
    code = "import sys, lms.bootstrap.__main__; print('django' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_a_second_start_on_the_same_folder_is_refused(tmp_path, monkeypatch):
    monkeypatch.delenv(instance.HELD_LOCK, raising=False)
    monkeypatch.setenv("PUBLIC_URL", "http://localhost:8000")
    (tmp_path / "run").mkdir()
    instance.take_lock(tmp_path)
    held = int(os.environ[instance.HELD_LOCK])
    monkeypatch.delenv(instance.HELD_LOCK)
    with pytest.raises(SetUpError, match=f"runs on .*: process {os.getpid()}, http://localhost"):
        instance.take_lock(tmp_path)
    os.close(held)
    instance.take_lock(tmp_path)
    os.close(int(os.environ[instance.HELD_LOCK]))


def test_a_lock_that_is_held_already_is_not_taken_twice(tmp_path, monkeypatch):
    monkeypatch.setenv(instance.HELD_LOCK, "3")
    instance.take_lock(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_is_said_clearly():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        with pytest.raises(SetUpError, match=f"Port {port} cannot be used .* PORT=8001 make run"):
            instance.check_port("127.0.0.1", port)
    instance.check_port("127.0.0.1", port)


def test_a_port_that_is_no_number_is_said_clearly():
    with pytest.raises(SetUpError, match="Port web cannot be used"):
        instance.check_port("127.0.0.1", "web")


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    instance.write_secret_key(tmp_path)
    secret = tmp_path / "secret_key"
    made = secret.read_text()
    assert len(made) > 50
    assert secret.stat().st_mode & 0o777 == 0o600
    instance.write_secret_key(tmp_path)
    assert secret.read_text() == made
    assert list(tmp_path.iterdir()) == [secret]


def test_no_secret_is_written_when_the_environment_has_one(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "mine")
    instance.write_secret_key(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_data_folder_is_made_and_passed_on(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    assert instance.data_folder() == tmp_path / "data"
    assert (tmp_path / "data" / "run").is_dir()


@pytest.mark.parametrize("package", ["uv", "django", "zopfli"])
def test_one_package_is_read_from_the_lock(package):
    lock = (ROOT / "requirements-dev.txt").read_text()
    lines = packages.entry(package, lock).splitlines()
    assert lines[0].startswith(f"{package}==")
    assert len(lines) > 1
    assert all(line.strip().startswith("--hash=sha256:") for line in lines[1:])


def test_a_package_that_is_not_pinned_is_said_clearly():
    with pytest.raises(SetUpError, match="does not pin uvicorn"):
        packages.entry("uvicorn", "uv==1 \\\n    --hash=sha256:1\n")


def test_what_runs_is_pinned_alike_for_developing():
    pinned = [
        {
            line.split(" \\")[0]
            for line in (ROOT / name).read_text().splitlines()
            if line and line[0] != " "
        }
        for name in ("requirements.txt", "requirements-dev.txt")
    ]
    assert pinned[0] - pinned[1] == set()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "package-lock.json"])
def test_no_lock_names_a_registry(name):
    text = (ROOT / name).read_text()
    assert not any(word in text for word in ("--index", "--find-links", '"resolved"'))


def test_a_stamp_holds_until_its_lock_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "STAMPS", tmp_path / "stamps")
    lock = tmp_path / "lock"
    lock.write_text("one")
    assert packages.is_stamped("lock", lock) is False
    packages.stamp("lock", lock)
    assert packages.is_stamped("lock", lock) is True
    lock.write_text("two")
    assert packages.is_stamped("lock", lock) is False


def test_what_is_there_is_not_installed(path, monkeypatch):
    put(path, "apt-get")
    machine.find_or_install(machine.PANGO, lambda: True)
    assert calls(path) == []


def test_what_is_missing_is_installed_once(path, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(machine, "STAMPS", tmp_path)
    monkeypatch.setattr(os, "getuid", lambda: 0)
    put(path, "apt-get", f"/bin/touch {tmp_path}/installed")
    machine.find_or_install(machine.GETTEXT, (tmp_path / "installed").exists)
    assert [call for call in calls(path) if "install" in call] == [
        "apt-get install -y --no-install-recommends gettext"
    ]
    assert "gettext … 0 s" in capsys.readouterr().out


def test_what_may_not_be_installed_is_one_line_to_type(path, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(machine, "STAMPS", tmp_path)
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    put(path, "apt-get")
    for _ in range(2):
        machine.find_or_install(machine.PANGO, lambda: False)
    line = (
        "  ! Certificates wait until you type: sudo apt-get install -y --no-install-recommends "
        "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    )
    assert capsys.readouterr().out.splitlines() == ["  Pango … failed", line, line]
    assert calls(path) == []


def test_another_package_manager_has_its_own_words(path, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    put(path, "brew")
    assert machine.by_hand(machine.PANGO).endswith("type: brew install pango")


def test_a_library_that_is_nowhere_is_missing():
    assert machine.has_library("surely-not-there-1.0") is False


def test_what_a_failing_command_said_is_passed_on():
    with pytest.raises(SetUpError, match=r"(?s)no such thing.*This failed: sh -c"):
        shell.call(["sh", "-c", "echo no such thing; exit 3"])


def test_an_old_python_is_said_clearly(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 10, 0))
    assert bootstrap.main(["run"]) == 1
    assert capsys.readouterr().err == (
        "\nMijlpaal needs Python 3.11 or newer: PYTHON=python3.12 make run\n"
    )


@pytest.fixture
def house(tmp_path, path, monkeypatch):
    """An empty clone with small lock files, and an uv and npm that only note what they are told."""
    root = tmp_path / "house"
    venv = root / ".venv"
    root.mkdir()
    (root / "requirements.txt").write_text("django==5.2 \\\n    --hash=sha256:1\n")
    (root / "package-lock.json").write_text("{}")
    for module in (packages, shell):
        monkeypatch.setattr(module, "ROOT", root)
        monkeypatch.setattr(module, "VENV", venv)
        monkeypatch.setattr(module, "PYTHON", venv / "bin" / "python")
        monkeypatch.setattr(module, "STAMPS", venv / "stamps")
    make_python = f"/bin/mkdir -p {venv}/bin; /bin/ln -sf /bin/true {venv}/bin/python"
    put(path, "uv", f'[ "$1" = venv ] && {{ {make_python}; }}; exit 0')
    put(path, "node")
    put(path, "npm", f"/bin/mkdir -p {root}/node_modules")
    return root


def test_packages_are_installed_with_their_hashes_once(house, path):
    packages.install("requirements.txt")
    packages.install("requirements.txt")
    python = house / ".venv" / "bin" / "python"
    assert calls(path) == [
        f"uv venv --quiet --seed --python {sys.executable} {house / '.venv'}",
        (
            f"uv pip install --quiet --python {python} --require-hashes --compile-bytecode "
            f"-r {house / 'requirements.txt'}"
        ),
    ]


def test_an_environment_whose_python_has_gone_is_made_anew(house, path):
    packages.install("requirements.txt")
    (house / ".venv" / "bin" / "python").unlink()
    packages.install("requirements.txt")
    assert [call.split()[1] for call in calls(path)] == ["venv", "pip", "venv", "pip"]


def test_front_end_libraries_are_installed_once_and_run_nothing_of_their_own(house, path):
    packages.make_environment()
    packages.install_front_end()
    packages.install_front_end()
    assert calls(path)[1:] == ["npm ci --ignore-scripts --no-audit --no-fund --loglevel=error"]


def test_without_node_the_one_from_pypi_does_it(house, path):
    packages.make_environment()
    (path / "node").unlink()
    put(house / ".venv" / "bin", "npm")
    packages.install_front_end()
    assert calls(path)[1].endswith(f"--require-hashes -r {house / 'requirements-node.txt'}")
    assert calls(house / ".venv" / "bin") == [
        "npm ci --ignore-scripts --no-audit --no-fund --loglevel=error"
    ]
