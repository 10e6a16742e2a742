"""Whether everything that is installed is pinned, and by its hash; asks nobody.

What is not in a lock, or has no hash there, could be exchanged by whoever sits between us and a
registry.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[.*?\])?==\S+(.*)")
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def plain(name: str) -> str:
    """Return the name of a package as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def complaints(root: Path) -> Iterator[str]:
    """Yield what is wrong with the locks of the project in this folder."""
    project = tomllib.loads((root / "pyproject.toml").read_text())
    runs = project["project"]["dependencies"]
    develops = [*runs, *project["dependency-groups"]["dev"]]
    for lock, wanted in (("requirements.txt", runs), ("requirements-dev.txt", develops)):
        yield from _python(lock, (root / lock).read_text(), wanted)
    yield from _node(
        json.loads((root / "package.json").read_text()),
        json.loads((root / "package-lock.json").read_text()),
    )


def _name(requirement: str) -> str:
    found = NAME.match(requirement)
    return found[0] if found else requirement


def _python(lock: str, text: str, wanted: list[str]) -> Iterator[str]:
    locked = set()
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        entry = PINNED.match(line)
        if not entry:
            yield f"{lock}: {line.split()[0]} is not pinned to one version"
        elif "--hash=sha256:" not in entry[2]:
            yield f"{lock}: {entry[1]} has no hash"
        if entry:
            locked.add(plain(entry[1]))
    for requirement in wanted:
        if plain(_name(requirement)) not in locked:
            yield f"{lock}: {_name(requirement)} is missing; make lock"


def _node(asked: dict, lock: dict) -> Iterator[str]:
    packages = lock["packages"]
    for name, version in asked.get("dependencies", {}).items():
        if f"node_modules/{name}" not in packages:
            yield f"package-lock.json: {name} is missing"
        if lock["packages"][""].get("dependencies", {}).get(name) != version:
            yield f"package-lock.json: {name} is asked for in another version"
    for path, package in packages.items():
        if path and not str(package.get("integrity", "")).startswith("sha512-"):
            yield f"package-lock.json: {path} has no hash"


if __name__ == "__main__":
    found = list(complaints(Path.cwd()))
    print("\n".join(found), end="\n" if found else "")
    sys.exit(bool(found))
