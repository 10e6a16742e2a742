"""What only the machine's package manager can bring: found, else installed, else asked for."""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from lms.bootstrap.shell import STAMPS, SetUpError, call, step, succeeds

# What WeasyPrint loads.
LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Need:
    """Something of the system's, its package by package manager, and what its absence means."""

    name: str
    otherwise: str
    packages: dict[str, str]


INSTALL = {
    "apt-get": "apt-get install -y --no-install-recommends",
    "dnf": "dnf install -y",
    "pacman": "pacman -S --noconfirm --needed",
    "brew": "brew install",
}
PANGO = Need(
    "Pango",
    "Certificates wait until you type:",
    {
        "apt-get": "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        "dnf": "pango harfbuzz",
        "pacman": "pango harfbuzz",
        "brew": "pango",
    },
)
BROWSER = Need("Chromium", "Browser tests fail until you type:", dict.fromkeys(INSTALL, "chromium"))
GETTEXT = Need(
    "gettext", "Translations are not checked until you type:", dict.fromkeys(INSTALL, "gettext")
)
ENVIRONMENT = Need("venv", "Python lacks venv until you type:", {"apt-get": "python3-venv"})


def find_or_install(
    need: Need, is_there: Callable[[], object], bring: Callable[[Need], None] | None = None
) -> None:
    """Looks for something of the system's, tries once to install it, or says what to type."""
    if is_there():
        return
    tried = STAMPS / f"tried-{need.name}"
    if not tried.exists():
        tried.touch()
        with contextlib.suppress(SetUpError), step(need.name):
            (bring or install)(need)
    if not is_there():
        print(f"  ! {by_hand(need)}")


def install(need: Need) -> None:
    """Installs with the system's package manager, where this user may."""
    name = manager()
    if name not in need.packages:
        raise SetUpError(by_hand(need))
    rights = [] if name == "brew" or os.getuid() == 0 else ["sudo", "-n"]
    if rights and not succeeds([*rights, "true"]):
        raise SetUpError(by_hand(need))
    if name == "apt-get":
        succeeds([*rights, "apt-get", "update", "-q"])
    command = [*rights, *INSTALL[name].split(), *need.packages[name].split()]
    call(command, {"DEBIAN_FRONTEND": "noninteractive"})


def by_hand(need: Need) -> str:
    """What is amiss and the line that mends it, for a person to type."""
    name = manager() or "apt-get"
    sudo = "" if name == "brew" or os.getuid() == 0 else "sudo "
    return f"{need.otherwise} {sudo}{INSTALL[name]} {need.packages.get(name, need.name)}"


def manager() -> str | None:
    """The package manager of this machine, of those that are known here."""
    return next(filter(shutil.which, INSTALL), None)


def browser() -> str | None:
    """The path of the system's Chromium."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def gettext() -> str | None:
    """The path of the programme that extracts texts to translate."""
    return shutil.which("xgettext")


def has_pango() -> bool:
    """Whether certificates can be drawn."""
    return all(map(has_library, LIBRARIES))


def has_library(name: str) -> bool:
    """Whether the loader finds a library, by its Linux name or by asking the system."""
    for candidate in (f"lib{name}.so.0", ctypes.util.find_library(name)):
        with contextlib.suppress(OSError):
            if candidate and ctypes.CDLL(candidate):
                return True
    return False
