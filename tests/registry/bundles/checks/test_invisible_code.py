"""Code that people cannot see (BAD-INPUTS row 56)."""

import pytest

from registry.bundles.checks import check_bundle, holding_reasons
from registry.bundles.checks.invisible_code import begin
from registry.bundles.findings import Severity
from registry.bundles.limits import DEFAULT_LIMITS
from tests.registry.bundles.packing import bundle_of

GLASSWORM = "".join(chr(0xE0100 + byte) for byte in b"require('child_process')")
HIDDEN = {
    "trojan source": "if level != 'user\u202e \u2066// admins\u2069 \u2066':",
    "variation selectors": f"eval(decode('x{GLASSWORM}'))",
    "small variation selectors": "s = 'a\ufe00\ufe01\ufe02'",
    "a selector after a letter": "na\ufe0fme = 1",
    "tags": "s = '\U000e0041\U000e0042\U000e0043'",
    "private characters": "s = '" + "".join(chr(0xE000 + i) for i in range(40)) + "'",
    "far private characters": "s = '\U000f0001\U000f0002\U000f0003'",
    "zero width": "user\u200bname = 1",
    "zero width bits": "s = 'x\u200b\u200c\u200b\u200c'",
    "joiner between letters": "pass\u200dword = 1",
    "a filler that is a name": "const \u3164 = req.query",
    "byte order mark inside": "user\ufeffname = 1",
}
HONEST = {
    "byte order mark": "\ufeffusing System;",
    "byte order mark in a pattern": r"text.replace(/^[\s" + "\ufeff\xa0]+$/, '')",
    "emoji": "print('\u26a0\ufe0f \u2705 1\ufe0f\u20e3 \u00a9\ufe0f')",
    "family": "print('\U0001f469\u200d\U0001f469\u200d\U0001f466')",
    "rainbow flag": "print('\U0001f3f3\ufe0f\u200d\U0001f308')",
    "skin": "print('\U0001f469\U0001f3fd\u200d\U0001f4bb')",
    "england": "f = '\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f'",
    "persian": "t = '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'",
    "hindi": "t = '\u0915\u094d\u200d\u0937'",
    "ideograph": "t = '\u845b\U000e0100'",
    "icon font": "icon = '\ue800'; other = '\ue801\ue802'",
    "hebrew": "t = '\u05e9\u05dc\u05d5\u05dd'",
    "escape": r"t = '\u202e \u200b'",
}


def findings_in(content, path="main.py"):
    return check_bundle(bundle_of({path: content}), DEFAULT_LIMITS).findings


@pytest.mark.parametrize("name", HIDDEN)
def test_code_that_cannot_be_seen_is_held(name):
    (finding, *_) = found = findings_in("import os\n" + HIDDEN[name] + "\n")
    assert {f.code for f in found} == {"scan.invisible_code"}
    assert (finding.severity, finding.path, finding.line) == (Severity.WARNING, "main.py", 2)
    assert "U+" in finding.message
    assert holding_reasons(found) == ["scan.invisible_code"]


@pytest.mark.parametrize("name", HONEST)
def test_honest_text_is_left_alone(name):
    assert findings_in(HONEST[name] + "\n") == []


@pytest.mark.parametrize("path", ["a.JS", "lib/x.cs", "page.html", "run.sh", "A.swift"])
def test_every_program_text_is_looked_at(path):
    assert findings_in(HIDDEN["zero width"], path) != []


@pytest.mark.parametrize("path", ["strings.po", "readme.txt", "icon.png", "data.json", "LICENSE"])
def test_other_files_are_not(path):
    assert findings_in(HIDDEN["zero width"], path) == []


def test_a_script_without_suffix_is_program_text():
    assert findings_in("#!/usr/bin/env python3\n" + HIDDEN["tags"], "bin/start") != []


def test_text_of_two_bytes_a_character_is_looked_at():
    assert findings_in(HIDDEN["trojan source"].encode("utf-16"), "x.ps1") != []


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 65_536])
def test_the_size_of_the_pieces_does_not_matter(size):
    text = "# \u26a0\ufe0f\n" * 40 + f"x = '{GLASSWORM}'\n" + "# fine\n" * 40
    content = text.encode()
    scan = begin("main.py")
    for at in range(0, len(content), size):
        scan.feed(content[at : at + size])
    assert [f.line for f in scan.finish()] == [41]


def test_a_run_of_any_length_is_one_finding():
    assert len(findings_in("x = '" + "\U000e0101" * 100_000 + "'")) == 1


def test_a_file_full_of_them_gives_few_findings():
    assert len(findings_in("a\u200bb\n" * 50_000)) == 5
