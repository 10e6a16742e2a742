"""One running instance: its data folder, the lock on it, its port and its secret."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import socket
from pathlib import Path

from lms.bootstrap.shell import ROOT, SetUpError

# Tells the process that this one becomes that it has the lock already.
HELD_LOCK = "MIJLPAAL_LOCK"


def data_folder() -> Path:
    """The data folder, made when it is not there; its path is passed on to every child."""
    folder = Path(os.environ.get("DATA_DIR") or ROOT / "var").expanduser().absolute()
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    (folder / "run").mkdir(exist_ok=True)
    os.environ["DATA_DIR"] = str(folder)
    return folder


def take_lock(data_dir: Path) -> None:
    """Holds the data folder for this process and for what it becomes, until that ends."""
    if os.environ.get(HELD_LOCK):
        return
    lock = os.open(data_dir / "run" / "lock", os.O_RDWR | os.O_CREAT, 0o640)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 200).decode() or "another process"
        raise SetUpError(
            f"Mijlpaal already runs on {data_dir}: {holder.strip()}.\n"
            "Stop it with Ctrl-C, or start another one: DATA_DIR=elsewhere PORT=8001 make run"
        ) from None
    os.ftruncate(lock, 0)
    os.write(lock, f"process {os.getpid()}, {os.environ.get('PUBLIC_URL', '')}\n".encode())
    os.set_inheritable(lock, True)
    os.environ[HELD_LOCK] = str(lock)


def check_port(host: str, port: str) -> None:
    """Refuses a port that is taken before anything is done."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except (OSError, ValueError, OverflowError) as error:
            raise SetUpError(
                f"Port {port} cannot be used ({error}). Choose another: PORT=8001 make run"
            ) from None


def write_secret_key(data_dir: Path) -> None:
    """Makes the secret of this instance once; only its owner may read it."""
    if os.environ.get("SECRET_KEY"):
        return
    draft = data_dir / f"secret_key.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    with contextlib.suppress(FileExistsError):
        os.link(draft, data_dir / "secret_key")
    draft.unlink()
