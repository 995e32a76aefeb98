"""The tests' own services: one set for all workers, apart from each other, ended after the last."""

import subprocess
import sys
import time
from contextlib import closing

import boto3
import psycopg
import pytest
import redis

from tests.services import ROOT, start_services


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("services")


@pytest.fixture(scope="module")
def both(folder):
    with start_services(folder, "gw0") as first, start_services(folder, "gw1") as second:
        yield first, second


def test_workers_share_the_servers_and_nothing_else(both):
    first, second = both
    assert first.s3["endpoint_url"] == second.s3["endpoint_url"]
    for one, other in zip(first.environ.items(), second.environ.items(), strict=True):
        assert one[0] == other[0]
        apart = one[0] in {"DATABASE_URL", "BROKER_URL", "S3_BUCKET_INCOMING", "S3_BUCKET_PUBLISHED"}
        assert (one[1] != other[1]) == apart


def test_each_worker_can_use_all_of_its_own(both):
    for services in both:
        with psycopg.connect(services.database_url) as database:
            database.execute("CREATE TABLE mine (name citext)")
        with redis.Redis.from_url(services.broker_url) as broker:
            assert broker.dbsize() == 0
            broker.set("mine", "1")
        put(services, "access_key_id", "secret_access_key", services.s3["bucket_incoming"])
        put(
            services,
            "published_access_key_id",
            "published_secret_access_key",
            services.s3["bucket_published"],
        )


def put(services, key, secret, bucket):
    client = boto3.client(
        "s3",
        endpoint_url=services.s3["endpoint_url"],
        aws_access_key_id=services.s3[key],
        aws_secret_access_key=services.s3[secret],
        region_name=services.s3["region"],
    )
    with closing(client):
        client.put_object(Bucket=bucket, Key="mine", Body=b"1")


def test_tests_may_switch_triggers_off_to_empty_tables(both):
    with psycopg.connect(both[0].database_url) as database:
        database.execute("SET session_replication_role = 'replica'")


def test_a_new_session_of_the_same_worker_starts_empty(both, folder):
    with start_services(folder, "gw7") as before, psycopg.connect(before.database_url) as database:
        database.execute("CREATE TABLE old ()")
    with start_services(folder, "gw7") as after, psycopg.connect(after.database_url) as database:
        assert database.execute("SELECT to_regclass('old')").fetchone() == (None,)


def test_the_services_end_after_their_last_user_though_it_was_killed(tmp_path):
    program = (
        "import pathlib, sys, time; from tests.services import start_services\n"
        "services = start_services(pathlib.Path(sys.argv[1]))\n"
        "print(services.s3['endpoint_url'], flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE, cwd=ROOT, text=True
    ) as user:
        assert user.stdout.readline().startswith("http://127.0.0.1:")
        assert (tmp_path / "home").exists()
        user.kill()
    until = time.monotonic() + 10
    while (tmp_path / "home").exists():
        assert time.monotonic() < until
        time.sleep(0.05)
    assert not (tmp_path / "ready").exists()
