"""SPDX 2.3 and CycloneDX 1.6 documents, valid by the validators of the libraries that make them."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from licenses.documents import Part, Subject, cyclonedx_document, spdx_document

SUBJECT = Subject(
    name="plugin.video.example",
    version="1.2.3",
    publisher="Ada Example",
    address="https://example.org/a.zip",
    sha256="ab" * 32,
    created=datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
    declared="GPL-2.0+",
    concluded="GPL-2.0-or-later WITH Classpath-exception-2.0 AND LicenseRef-Mine",
    copyrights=("Copyright (c) 2020 Ada Example", "© 2021 Zoë"),
    references={"LicenseRef-Mine": "Do what you like."},
    comment="“only” is the lower bound",
    parts=(Part("lib/foo", "MIT OR Apache-2.0"), Part("lib/bar", None)),
)
SUBJECTS = {
    "full": SUBJECT,
    "undecided": replace(SUBJECT, declared=None, concluded=None, parts=(), copyrights=()),
    "nothing": replace(SUBJECT, declared="NOASSERTION", concluded="NONE"),
    "declared only": replace(SUBJECT, concluded=None),
    "on a home network": replace(SUBJECT, address="http://127.0.0.1:8000/api/v1/artifacts/ab"),
    "on localhost": replace(SUBJECT, address="http://localhost:8000/a.zip"),
}


@pytest.mark.parametrize("kind", SUBJECTS)
def test_the_spdx_document_is_valid(kind: str) -> None:
    written = spdx_document(SUBJECTS[kind], "https://example.org/spdx/1")
    assert validate_full_spdx_document(JsonLikeDictParser().parse(json.loads(written))) == []


@pytest.mark.parametrize("kind", SUBJECTS)
def test_the_cyclonedx_document_is_valid(kind: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(cyclonedx_document(SUBJECTS[kind])) is None


def test_both_say_the_conclusion_and_the_digest() -> None:
    package = json.loads(spdx_document(SUBJECT, "https://example.org/spdx/1"))["packages"][0]
    assert package["licenseConcluded"] == SUBJECT.concluded
    assert package["licenseDeclared"] == "GPL-2.0-or-later"
    assert package["checksums"][0]["checksumValue"] == SUBJECT.sha256
    component = json.loads(cyclonedx_document(SUBJECT))["metadata"]["component"]
    assert component["licenses"][0]["expression"] == SUBJECT.concluded
