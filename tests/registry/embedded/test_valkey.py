"""Valkey from a wheel: with a password, keeping what it was told through kill -9."""

import os
import signal
import time

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from registry.embedded.home import Home
from registry.embedded.valkey import Valkey


@pytest.fixture
def valkey(tmp_path):
    part = Valkey(Home(tmp_path))
    part.start()
    yield part
    part.stop()


def client(valkey):
    return redis.Redis.from_url(valkey.url, socket_timeout=5)


def test_nobody_comes_in_without_the_password(valkey):
    port, once = valkey.home.port("valkey"), Retry(NoBackoff(), 0)
    with redis.Redis(port=port, retry=once) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_what_it_was_told_is_there_after_kill_nine(valkey):
    with client(valkey) as before:
        for number in range(500):
            before.rpush("hints", number)
    os.kill(valkey.child.process.pid, signal.SIGKILL)
    url = valkey.url
    valkey.start()
    assert valkey.url == url
    with client(valkey) as after:
        assert after.llen("hints") == 500


def test_it_forgets_nothing_to_make_room_and_listens_on_loopback_only(valkey):
    with client(valkey) as connection:
        assert connection.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert connection.config_get("bind") == {"bind": "127.0.0.1"}
        assert connection.config_get("appendonly") == {"appendonly": "yes"}


def test_it_stops_at_once(valkey):
    before = time.monotonic()
    valkey.stop()
    assert time.monotonic() - before < 2
    assert not valkey.ready()
