"""Rows 42 to 47 of the bad inputs: each manifest gets its code and line, without a connection."""

import socket
import threading
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.findings import BundleRejected, Severity
from registry.bundles.limits import MIB
from registry.bundles.manifests.desktop import parse_desktop
from registry.bundles.manifests.json import parse_json
from registry.bundles.manifests.keyvalue import parse_keyvalue
from registry.bundles.manifests.plist import parse_plist
from registry.bundles.manifests.toml import parse_toml
from registry.bundles.manifests.xml import parse_xml
from registry.bundles.manifests.yaml import parse_yaml
from tests.registry.bundles.manifests.hostile import APPLE, CASES

PARSERS = {
    "xml": parse_xml,
    "plist": parse_plist,
    "yaml": parse_yaml,
    "json": parse_json,
    "toml": parse_toml,
    "keyvalue": parse_keyvalue,
    "desktop": parse_desktop,
}


@pytest.fixture(autouse=True)
def no_connections(monkeypatch):
    """Let every attempt to reach a network fail the test, even one that is caught."""
    tried = []

    class Guarded(socket.socket):
        def connect(self, address):
            tried.append(address)
            raise OSError("no network here")

        connect_ex = connect

    def resolve(*arguments, **_):
        tried.append(arguments)
        raise OSError("no names here")

    monkeypatch.setattr(socket, "socket", Guarded)
    monkeypatch.setattr(socket, "create_connection", resolve)
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    yield
    assert tried == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_bad_manifest_gets_the_code_of_its_row(case):
    content = case.build()
    started = time.process_time()
    with pytest.raises(BundleRejected) as caught:
        PARSERS[case.parser](content, path="dir/manifest")
    assert time.process_time() - started < 2
    finding = caught.value.finding
    assert finding.code == case.code, finding.message
    assert (finding.severity, finding.path) == (Severity.ERROR, "dir/manifest")
    assert "dir/manifest" in finding.message
    assert finding.fix
    if case.line is not None:
        assert finding.line == case.line
        assert f"line {case.line}" in finding.message


def test_42_a_bare_document_type_is_accepted_and_never_fetched():
    """libxml2 opens sockets in C, where the guard above does not see: a real listener would."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        seen = []

        def listen():
            try:
                seen.append(server.accept())
            except TimeoutError:
                return

        waiting = threading.Thread(target=listen)
        waiting.start()
        port = server.getsockname()[1]
        doctype = f"<!DOCTYPE addon SYSTEM 'http://127.0.0.1:{port}/addon.dtd'>"
        document = parse_xml(f"{doctype}<addon id='x'/>".encode(), path="addon.xml")
        waiting.join()
    assert document.value.get("id") == "x"
    assert seen == []


def test_42_apples_document_type_is_accepted_without_an_xml_declaration():
    content = f"{APPLE}<plist><dict><key>a</key><string>b</string></dict></plist>"
    assert parse_plist(content.encode(), path="Info.plist").value == {"a": "b"}


BOMBS = [case for case in CASES if case.name.startswith(("44-", "45-", "46-alias", "47-", "toml-"))]


@pytest.mark.parametrize("case", BOMBS, ids=lambda case: case.name)
def test_a_bad_manifest_takes_little_memory(case):
    content = case.build()
    tracemalloc.start()
    try:
        with pytest.raises(BundleRejected):
            PARSERS[case.parser](content, path="m")
        assert tracemalloc.get_traced_memory()[1] < 128 * MIB
    finally:
        tracemalloc.stop()


def finding_of(parser, content: bytes):
    """The finding of a refusal, None where the content is accepted."""
    try:
        PARSERS[parser](content, path="m")
    except BundleRejected as refusal:
        return refusal.finding
    return None


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(sorted(PARSERS)), st.binary(max_size=200))
def test_noise_is_a_value_or_a_finding(parser, content):
    finding = finding_of(parser, content)
    assert finding is None or finding.code.startswith("manifest.")


ALPHABET = st.sampled_from(
    [*"{}[]<>\"'&*!:,-?|%@` \n\t#=.ab01\\/\u00e9\ufeff", "<a>", "</a>", "&#", "]]>", "<<: ", "---", "- "]
)


@settings(deadline=None, max_examples=800)
@given(st.sampled_from(sorted(PARSERS)), st.lists(ALPHABET, max_size=60).map("".join))
def test_grammar_in_disorder_is_a_value_or_a_finding(parser, content):
    finding = finding_of(parser, content.encode())
    if finding is not None:
        assert finding.code.startswith("manifest.")
        assert finding.line is None or 1 <= finding.line <= content.count("\n") + 2


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=120))
def test_any_binary_property_list_is_a_value_or_a_finding(content):
    finding = finding_of("plist", b"bplist00" + content)
    assert finding is None or finding.code == "manifest.plist"


SLOW = {
    "yaml": ["[" * 255_000, "{" * 255_000, "- " * 120_000, "? " * 120_000, "!" * 255_000, "[\n" * 120_000],
    "json": ['"' + "\\" * 255_000, "/*" + "*" * 255_000, "//\n" * 80_000, '"' + "\\u0041" * 40_000 + '"'],
    "toml": ["a='" + "x" * 255_000, '"' * 255_000, "'\"" * 120_000, "a " * 120_000, "[[t]]\n" * 40_000],
    "xml": [
        "<a>" + "&lt;" * 60_000 + "</a>",
        "<a x='" + "&#9;" * 60_000,
        "<!--" + "-x" * 120_000,
        "<" * 255_000,
    ],
    "desktop": ["[a]\nb" + " " * 255_000, "[" * 255_000, "[a]\na[" + "x" * 255_000],
    "keyvalue": ["a=" + "=" * 255_000, "a" * 255_000],
}


@pytest.mark.parametrize("parser", SLOW)
def test_no_content_of_the_allowed_size_takes_two_seconds(parser):
    for content in SLOW[parser]:
        started = time.process_time()
        finding_of(parser, content.encode())
        assert time.process_time() - started < 2, content[:20]
