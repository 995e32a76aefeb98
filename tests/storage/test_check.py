"""`python -m storage check` says what a store promises, and cleans up after itself."""

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace

import pytest

from storage.blobs import BlobStore
from storage.check import ping, probe
from storage.multipart import unfinished_in
from tests.storage import bad_stores

# What each store does not promise; everything else it does.
BROKEN = {
    "seaweedfs": {"separate credentials"},
    "rclone": {
        "copy in parts",
        "conditional put",
        "conditional complete",
        "sha256 checked",
        "range",
        "suffix range",
        "CORS",
        "separate credentials",
    },
}


def check(environ, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as people do."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("S3_")}
    command = [sys.executable, "-m", "storage", *arguments]
    return subprocess.run(
        command, env=clean | environ, capture_output=True, text=True, timeout=60, check=False
    )


def environ_of(config) -> dict[str, str]:
    return {f"S3_{k.upper()}": str(v) for k, v in asdict(config).items() if v is not None}


def test_each_store_is_described_as_it_is_and_left_as_it_was(store, server, incoming, published):
    before = [list(store.list_keys(bucket)) for bucket in (incoming, published)]
    promises = probe(store)
    assert {each.name for each in promises if not each.kept} == BROKEN[server.name]
    assert all(each.kept for each in promises if each.needed), "both stores are usable"
    assert [list(store.list_keys(bucket)) for bucket in (incoming, published)] == before
    assert not [u for u in unfinished_in(store, incoming) if u.key.startswith("check-")]
    assert store.allowed_origins() == []
    ping(store)


def test_sending_clients_to_the_store_itself_asks_more_of_it(config, server):
    answer = check(environ_of(replace(config, public_url=config.endpoint_url)), "check", "--json")
    report = json.loads(answer.stdout)
    missing = {p["name"] for p in report["promises"] if p["needed"] and not p["kept"]}
    assert missing == ({"range", "CORS"} if server.name == "rclone" else set())
    assert (answer.returncode, report["usable"]) == (bool(missing), not missing)


def test_separate_credentials_are_seen(config, server):
    if server.name != "seaweedfs":
        pytest.skip("rclone gives every key the same rights")
    separate = replace(
        config,
        access_key_id=config.access_key_id + "-upload",
        published_access_key_id=config.access_key_id + "-publish",
        published_secret_access_key=config.secret_access_key,
    )
    promises = {each.name: each for each in probe(BlobStore(separate))}
    assert promises["separate credentials"].kept
    assert promises["server-side copy"].kept


def test_the_command_says_a_line_for_each_promise(config, server, tmp_path):
    (tmp_path / "services.json").write_text(json.dumps(environ_of(config)))
    answer = check({"MARQUEE_HOME": str(tmp_path)}, "check")
    assert answer.returncode == 0, answer.stderr
    first, *lines, last = answer.stdout.splitlines()
    assert config.endpoint_url in first
    broken = {name for name in BROKEN[server.name] if any(f" no   {name} " in x for x in lines)}
    assert broken == BROKEN[server.name]
    assert all(line.strip().startswith(("yes", "no")) for line in lines)
    assert last == "Marquee can use it."


def test_a_store_out_of_reach_gives_one_sentence_and_exit_1(config):
    gone = environ_of(bad_stores.closed(config))
    answer = check(gone, "check")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert len(answer.stderr.splitlines()) == 1
    told = json.loads(check(gone, "check", "--json").stdout)
    assert told["usable"] is False
    assert "did not answer" in told["error"]


def test_no_store_at_all_gives_one_sentence_and_exit_1(tmp_path):
    answer = check({"MARQUEE_HOME": str(tmp_path)}, "check")
    assert answer.returncode == 1
    assert answer.stderr.startswith("S3_ENDPOINT_URL is not set")
    assert len(answer.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [(), ("chek",), ("check", "--jsn"), ("check", "more")])
def test_wrong_usage_is_exit_2(arguments):
    assert check({}, *arguments).returncode == 2
