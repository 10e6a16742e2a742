"""A bucket in place of a folder."""

from functools import cached_property
from threading import Lock
from typing import Any

import boto3
from boto3.s3.transfer import TransferConfig
from storages.backends.s3 import S3Storage

TURNS = Lock()  # a session makes one connection at a time


class Bucket(S3Storage):
    """What boto3 reads about S3, some 15 MB, is read once and not by each thread anew."""

    def get_default_settings(self) -> dict[str, Any]:
        """Send and fetch a file piece by piece: ten threads have a hundred megabytes in memory."""
        return {
            **super().get_default_settings(),
            "transfer_config": TransferConfig(use_threads=False),
        }

    def prepare(self) -> None:
        """Read it, so that processes that are made from this one share it."""
        assert self.connection

    @cached_property
    def session(self) -> boto3.Session:
        return super()._create_session()

    @property
    def connection(self) -> Any:
        """The connection of this thread."""
        with TURNS:
            return super().connection

    def _create_session(self) -> boto3.Session:
        return self.session
