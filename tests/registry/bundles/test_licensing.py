"""What a bundle's files say of its license, as the closed child looks at them."""

import io
import random

import pytest

from licenses.spdx import text_of
from registry.bundles.archive.opening import open_bundle
from registry.bundles.confined import read_confined
from registry.bundles.licensing import find_licenses, findings_as_json, findings_of_json
from registry.bundles.limits import DEFAULT_LIMITS
from tests import bundles

MIT = text_of("MIT") or ""


def found(more: dict[str, str | bytes]):
    bundle = bundles.kodi(license="MIT", more=more)
    return find_licenses(open_bundle(io.BytesIO(bundle), "a.zip", DEFAULT_LIMITS))


def test_what_is_found_comes_through_the_pipe_as_it_was():
    findings = found({"LICENSE.txt": MIT, "lib/b/LICENSE": text_of("ISC") or ""})
    assert findings_of_json(findings_as_json(findings)) == findings


@pytest.mark.parametrize(
    ("files", "form"),
    [
        ({}, "source"),
        ({"lib/a.so": b"\x7fELF\x02\0"}, "binary"),
        ({"classes.dex": b"dex\n035\0"}, "binary"),
        ({"lib/a.pyc": b"\0"}, "binary"),
        ({"lib/a.py": "", "lib/__pycache__/a.cpython-311.pyc": b"\0"}, "source"),
        ({"notes.txt": "MZ is how it begins"}, "source"),
    ],
)
def test_compiled_code_makes_a_binary_unless_its_source_lies_beside_it(files, form):
    assert found(files).form == form


def test_a_reference_that_stands_for_two_texts_is_asked_about():
    name = "LICENSES/LicenseRef-House.txt"
    same = found({name: "Use it.", f"lib/b/{name}": "Use  it."})
    other = found({name: "Use it.", f"lib/b/{name}": "Use it on Sundays."})
    told = "LicenseRef-House stands for different texts in different parts"
    assert told not in same.detection.reasons
    assert told in other.detection.reasons
    assert other.detection.review


@pytest.mark.parametrize(
    "text",
    [
        MIT.encode("utf-16"),
        MIT.replace("\n", "\r\n").encode("latin-1") + b"\xe9\0\0",
        b"<script>alert(1)</script>" * 1000,
        random.Random(1).randbytes(7_500_000).hex(" ", 5).encode()[:10_000_000],
    ],
    ids=["UTF-16", "Latin-1 with NULs", "a script", "10 MB"],
)
def test_a_license_file_in_whatever_shape_is_read_in_the_closed_child_and_loses_nothing(text):
    inspection = read_confined(io.BytesIO(bundles.kodi(license="MIT", more={"LICENSE.txt": text})), "a.zip")
    assert inspection.ok, inspection.findings
    assert inspection.licenses is not None
    assert any(step.name == "licensed" for step in inspection.steps)


def test_five_thousand_license_files_are_a_question_and_not_the_end_of_the_reader():
    more = {f"lib/p{number}/LICENSE": MIT.replace("<year>", str(number)) for number in range(5000)}
    inspection = read_confined(io.BytesIO(bundles.kodi(license="MIT", more=more)), "a.zip")
    assert inspection.ok, inspection.findings
    assert inspection.licenses is not None
    assert any("more license files" in reason for reason in inspection.licenses.detection.reasons)
