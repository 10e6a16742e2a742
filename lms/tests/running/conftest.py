"""A bucket in place of a folder."""

import boto3
import pytest
from moto import mock_aws

from lms import environment


@pytest.fixture
def bucket(settings, monkeypatch):
    """A bucket that the environment names, as on a real installation."""
    named = {
        "S3_BUCKET": "mijlpaal",
        "S3_REGION": "eu-central-1",
        "S3_ACCESS_KEY": "k",
        "S3_SECRET_KEY": "s",
    }
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        s3 = boto3.resource("s3", "eu-central-1", aws_access_key_id="k", aws_secret_access_key="s")
        place = {"LocationConstraint": "eu-central-1"}
        bucket = s3.create_bucket(Bucket="mijlpaal", CreateBucketConfiguration=place)
        settings.STORAGES = settings.STORAGES | {"default": environment.bucket()}
        yield bucket
