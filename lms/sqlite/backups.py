"""How `dbbackup` and `dbrestore` copy an SQLite database that others have open."""

import contextlib
import shutil
import sqlite3
from tempfile import NamedTemporaryFile
from typing import IO

from dbbackup.db.sqlite import SqliteBackupConnector


class BackupConnector(SqliteBackupConnector):
    """The library's connector, which restores as it backs up: through SQLite itself.

    The library's own restore writes over the file. That breaks every connection that is open,
    and a write-ahead log that a killed process left behind is then replayed into the wrong file.
    """

    def restore_dump(self, dump: IO[bytes]) -> None:
        """Replaces everything in the database by `dump`, or nothing.

        :raises sqlite3.DatabaseError: where `dump` is not a whole SQLite database
        """
        self.connection.ensure_connection()
        with NamedTemporaryFile(suffix=".sqlite3") as file:
            shutil.copyfileobj(dump, file)
            file.flush()
            with contextlib.closing(sqlite3.connect(file.name)) as source:
                source.backup(self.connection.connection)
