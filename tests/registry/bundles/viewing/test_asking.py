"""The closed child that shows files: what it answers, what stops it, what it cannot do, what is believed."""

import json
import os
import signal
import tempfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from registry.bundles.confined.parent import ENVIRONMENT
from registry.bundles.viewing import asking
from registry.bundles.viewing.asking import Member, Unviewable, compare, show
from registry.bundles.viewing.reading import MOST_LINES, Part
from tests.installers import appimage_of, ipk_of
from tests.registry.bundles.confined.processes import children_of, needs_proc
from tests.registry.bundles.packing import zip_of

#: Lines of which each stands often, but not so often that a comparison leaves it out.
TANGLED = [f"{number % 150}" for number in range(20_000)]


@pytest.fixture
def member():
    """``member(files, path)``: a file in a bundle that lies on the disk, or is the whole upload."""
    with tempfile.TemporaryDirectory() as folder:
        opened = []

        def make(content, path, filename="bundle.zip"):
            body = content if isinstance(content, bytes) else zip_of(content)
            file = (Path(folder) / str(len(opened))).open("w+b")
            file.write(body)
            file.flush()
            opened.append(file)
            return Member(file, filename, path)

        yield make
        for file in opened:
            file.close()


def tangled(member):
    before, after = "\n".join(TANGLED), "\n".join(reversed(TANGLED))
    return member({"a.py": before}, "a.py"), member({"a.py": after}, "a.py")


def test_a_file_of_a_zip_is_shown(member):
    assert show(member({"a.py": "one\ntwo\n"}, "a.py")) == Part(1, ("one", "two"))


def test_a_file_that_was_sent_alone_is_shown(member):
    assert show(member(b"name: Lantern\n", "lantern.yml", "lantern.yml")) == Part(1, ("name: Lantern",))


def test_a_file_of_an_ipk_and_of_an_appimage_is_shown(member):
    about = {"id": "org.example.app", "version": "1.0.0", "title": "A", "type": "web", "main": "x"}
    path = "usr/palm/applications/org.example.app/appinfo.json"
    assert show(member(ipk_of({f"./{path}": json.dumps(about).encode()}), path)).lines == (json.dumps(about),)
    image = appimage_of({"player.desktop": b"[Desktop Entry]\n", "AppRun": b"#!/bin/sh\n"})
    assert show(member(image, "AppRun", "Player.AppImage")).lines == ("#!/bin/sh",)


def test_what_is_not_text_is_told_and_compared_with_nothing(member):
    assert show(member({"a.dll": b"MZ" + bytes(99)}, "a.dll")) is None
    assert compare(member({"a": "text"}, "a"), member({"a": b"MZ" + bytes(99)}, "a")) is None


def test_two_files_are_compared_and_one_that_is_not_there_is_empty(member):
    found = compare(member({"a": "one\ntwo\n"}, "a"), member({"b/a": "one\n2\n"}, "b/a"))
    assert found.hunks == (((" ", 1, 1, "one"), ("-", 2, 0, "two"), ("+", 0, 2, "2")),)
    assert compare(None, member({"a": "one\n"}, "a")).hunks == ((("+", 0, 1, "one"),),)
    assert compare(member({"a": "one\n"}, "a"), None).hunks == ((("-", 1, 0, "one"),),)


def test_the_longest_answer_of_the_widest_characters_is_believed(member):
    wide = "\U0001f4a1\n" * MOST_LINES
    assert len(show(member({"a": wide}, "a")).lines) == MOST_LINES
    line = "\U0001f4a1" * (asking.MOST_CHARACTERS + 1)
    found = show(member(zip_of({"a": line}, compression=zipfile.ZIP_STORED), "a"))
    assert found.cut
    assert len(found.lines[0]) == asking.MOST_CHARACTERS


def test_a_bundle_that_breaks_a_rule_is_refused_with_the_rules_words(member):
    with pytest.raises(Unviewable, match="not a zip"):
        show(member(b"#!/bin/sh\n", "a.sh", "a.sh"))


def test_a_path_that_the_bundle_has_not_is_no_way_out_of_it(member):
    for path in ("../../etc/passwd", "/etc/passwd", "b"):
        with pytest.raises(Unviewable) as refused:
            show(member({"a": "b"}, path))
        assert "KeyError" in refused.value.detail


def test_what_takes_too_long_is_ended_and_told(member, monkeypatch):
    monkeypatch.setattr(asking, "LIMITS", replace(asking.LIMITS, cpu_s=1))
    with pytest.raises(Unviewable, match="more than 1 seconds"):
        compare(*tangled(member))
    monkeypatch.setattr(asking, "LIMITS", replace(asking.LIMITS, wall_s=0.3))
    started = time.monotonic()
    with pytest.raises(Unviewable, match="more than"):
        compare(*tangled(member))
    assert time.monotonic() - started < 5


def test_what_takes_too_much_memory_is_ended_and_told(member, monkeypatch):
    monkeypatch.setattr(asking, "LIMITS", replace(asking.LIMITS, memory_bytes=1))
    with pytest.raises(Unviewable, match="could not be read"):
        compare(*tangled(member))


@pytest.mark.parametrize(
    "said",
    [
        "", "nothing", "[]", '{"kind": "part"}', '{"kind": "secret", "lines": []}',
        json.dumps({"kind": "part", "first": 0, "lines": [], "next": None, "cut": False}),
        json.dumps({"kind": "part", "first": 1, "lines": ["x"] * (MOST_LINES + 1), "next": None, "cut": False}),
        json.dumps({"kind": "part", "first": 1, "lines": ["\ud800"], "next": None, "cut": False}),
        json.dumps({"kind": "part", "first": 1, "lines": [], "next": None, "cut": False, "more": 1}),
        json.dumps({"kind": "difference", "hunks": [[["?", 1, 1, "x"]]], "unseen": False, "cut": False}),
    ],
)  # fmt: skip
def test_an_answer_of_another_form_is_not_believed(member, monkeypatch, said):
    monkeypatch.setattr(asking, "_PROGRAM", f"import sys; sys.stdout.write({said!r})")
    with pytest.raises(Unviewable, match="could not be read"):
        show(member({"a": "b"}, "a"))


def test_an_answer_without_end_is_cut_off(member, monkeypatch):
    monkeypatch.setattr(asking, "ANSWER_BYTES", 100_000)
    monkeypatch.setattr(asking, "_PROGRAM", "import sys\nwhile True: sys.stdout.write('x' * 65536)")
    with pytest.raises(Unviewable) as refused:
        show(member({"a": "b"}, "a"))
    assert "100000 bytes" in refused.value.detail


@needs_proc
@pytest.mark.skipif(os.geteuid() != 0, reason="only root sees into the child")
def test_the_child_at_work_has_its_files_and_nothing_else(member, monkeypatch):
    monkeypatch.setenv("S3_SECRET_ACCESS_KEY", "do-not-tell")
    before = set(children_of(os.getpid()))
    with ThreadPoolExecutor(1) as pool:
        comparing = pool.submit(compare, *tangled(member))
        proc = _closed_child(besides=before)
        opened = sorted(str(each.readlink()).split(":")[0] for each in (proc / "fd").iterdir())
        environment = (proc / "environ").read_bytes().decode().strip("\0").split("\0")
        status, network = (proc / "status").read_text(), (proc / "ns/net").readlink()
        os.kill(int(proc.name), signal.SIGKILL)
        with pytest.raises(Unviewable, match="could not be read"):
            comparing.result()
    assert [name for name in opened if not name.startswith(tempfile.gettempdir())] == ["/dev/null"] * 2 + [
        "pipe"
    ]
    assert len(opened) == 5
    assert sorted(environment) == sorted(f"{name}={value}" for name, value in ENVIRONMENT.items())
    assert "NoNewPrivs:\t1" in status
    assert "CapEff:\t0000000000000000" in status
    assert "Uid:\t65534\t65534\t65534\t65534" in status
    assert network != Path("/proc/self/ns/net").readlink()


def _closed_child(besides):
    """The folder in /proc of the first new child whose limits are set."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for pid in set(children_of(os.getpid())) - besides:
            limits = (Path("/proc") / str(pid) / "limits").read_text()
            if "Max open files            0 " in limits:
                return Path("/proc") / str(pid)
        time.sleep(0.005)
    raise AssertionError("no closed child within 10 s")
