"""A task that tests can watch, and hold while it runs."""

import time
from pathlib import Path

from celery import shared_task


@shared_task
def write_down(folder: str) -> None:
    """Notes that it began, waits for a file that lets it go on, and notes that it ended."""
    notes = Path(folder) / "notes"
    with notes.open("a") as file:
        file.write("begun ")
    while not (Path(folder) / "go").exists():
        time.sleep(0.05)
    with notes.open("a") as file:
        file.write("ended ")
