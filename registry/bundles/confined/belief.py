"""Reads what the closed child wrote, and believes none of it: type, size and form are checked.

So the worst that a captured child can do is to lie about its own bundle.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from registry.bundles.checks import FileRecord
from registry.bundles.confined.belief_privacy import SaidPrivacy
from registry.bundles.confined.record import UNSTORABLE
from registry.bundles.ecosystems.base import Kind, Metadata, Requirement
from registry.bundles.findings import Finding, Severity
from registry.bundles.inspection.result import MOST_FINDINGS, Inspection, Step
from registry.bundles.licensing import LicenseFindings
from registry.bundles.limits import Limits
from registry.bundles.pictures import MOST_PICTURES, OTHER_SIDE_PX, Picture

DEEPEST = 48
SIGNATURES = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/webp": b"RIFF",
}

Short = Annotated[str, Field(max_length=4096)]
Long = Annotated[str, Field(max_length=524_288)]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Side = Annotated[int, Field(ge=1, le=OTHER_SIDE_PX)]


class UnbelievableError(Exception):
    """What the child wrote is not an inspection; the message names the field."""


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Requirement(_Said):
    identifier: Short
    minimum: Short | None
    optional: bool


class _Metadata(_Said):
    ecosystem: Word
    kind: Kind | None
    identifier: Annotated[str, Field(max_length=200)] | None
    version: Annotated[str, Field(max_length=200)] | None
    name: Short | None
    summary: Long
    description: Long
    author: Long
    license: Long | None
    homepage: Short | None
    source: Short | None
    changelog: Long
    requires: Annotated[list[_Requirement], Field(max_length=2000)]
    platforms: Annotated[list[Short], Field(max_length=200)]
    pictures: Annotated[dict[Short, Short], Field(max_length=200)]
    facts: dict[str, JsonValue]


class _Finding(_Said):
    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$", max_length=80)]
    severity: Severity
    path: Short | None
    line: Annotated[int, Field(ge=0)] | None
    message: Long
    fix: Short
    private: Annotated[dict[Word, Long], Field(max_length=8)]


class _File(_Said):
    path: Short
    size_bytes: Annotated[int, Field(ge=0)]
    sha256: Sha256


class _Picture(_Said):
    role: Word
    path: Short
    content_type: Annotated[str, Field(pattern=r"^image/(png|jpeg|webp)$")]
    width_px: Side
    height_px: Side


class _Step(_Said):
    name: Word
    state: Annotated[str, Field(pattern=r"^(done|failed)$")]
    duration_s: Annotated[float, Field(ge=0, le=86_400)]


class _Record(_Said):
    container: Word | None
    file_count: Annotated[int, Field(ge=0)] | None
    metadata: _Metadata | None
    files: list[_File]
    findings: Annotated[list[_Finding], Field(max_length=MOST_FINDINGS + 1)]
    pictures: Annotated[list[_Picture], Field(max_length=MOST_PICTURES)]
    privacy: SaidPrivacy | None
    steps: Annotated[list[_Step], Field(max_length=20)]
    licenses: LicenseFindings | None


def read_record(document: bytes, bodies: Sequence[bytes], measured: Inspection, limits: Limits) -> Inspection:
    """Return ``measured`` filled with what the child wrote. Raises UnbelievableError."""
    try:
        value = json.loads(document, parse_constant=_refuse_constant)
        _refuse_unstorable(value, DEEPEST)
        said = _Record.model_validate(value)
        return replace(
            measured,
            container=said.container,
            file_count=said.file_count,
            metadata=None if said.metadata is None else _metadata(said.metadata),
            files=[FileRecord(**dict(each)) for each in said.files[: limits.entries]],
            findings=[*measured.findings, *(Finding(**dict(each)) for each in said.findings)],
            pictures=_pictures(said.pictures, bodies, limits),
            privacy=None if said.privacy is None else said.privacy.believed(),
            steps=[*measured.steps, *(Step(**dict(each)) for each in said.steps)],
            licenses=said.licenses,
        )
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise UnbelievableError(f"{first['loc']}: {first['msg']}") from None
    except (ValueError, RecursionError) as error:
        raise UnbelievableError(str(error)[:200]) from None


def _metadata(said: _Metadata) -> Metadata:
    requires = tuple(Requirement(**dict(each)) for each in said.requires)
    return Metadata(**{**dict(said), "requires": requires, "platforms": tuple(said.platforms)})


def _pictures(said: list[_Picture], bodies: Sequence[bytes], limits: Limits) -> list[Picture]:
    if len(said) != len(bodies):
        raise ValueError(f"{len(said)} pictures are told and {len(bodies)} came")
    for picture, body in zip(said, bodies, strict=True):
        if not body.startswith(SIGNATURES[picture.content_type]):
            raise ValueError(f"the picture {picture.role} is no {picture.content_type}")
        if len(body) > limits.image_bytes:
            raise ValueError(f"the picture {picture.role} has {len(body)} bytes")
    return [Picture(**dict(picture), body=body) for picture, body in zip(said, bodies, strict=True)]


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _refuse_unstorable(value: Any, levels: int) -> None:
    if levels == 0:
        raise ValueError(f"it is nested deeper than {DEEPEST} levels")
    if isinstance(value, str) and UNSTORABLE.search(value):
        raise ValueError("it holds a character that cannot be stored")
    if isinstance(value, dict):
        for key, each in value.items():
            _refuse_unstorable(key, levels)
            _refuse_unstorable(each, levels - 1)
    elif isinstance(value, list):
        for each in value:
            _refuse_unstorable(each, levels - 1)
