"""An inspection as JSON, written in the closed child; the pictures' bytes follow on their own."""

import json
import re
from typing import Any

from registry.bundles.ecosystems.base import Metadata
from registry.bundles.inspection.result import Inspection
from registry.bundles.licensing import findings_as_json
from registry.bundles.pictures import Picture

#: What no database column and no page can hold; a manifest may spell it with escapes.
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def write_record(inspection: Inspection) -> bytes:
    """Return what the child found as ASCII JSON; characters that nothing can store are replaced."""
    said = inspection.metadata
    record = {
        "container": inspection.container,
        "file_count": inspection.file_count,
        "metadata": said and _metadata(said),
        "files": [each.as_json() for each in inspection.files],
        "findings": [{**each.as_json(), "private": dict(each.private)} for each in inspection.findings],
        "pictures": [_picture(each) for each in inspection.pictures],
        "privacy": inspection.privacy and inspection.privacy.as_json(),
        "steps": [each.as_json() for each in inspection.steps],
        "licenses": inspection.licenses and findings_as_json(inspection.licenses),
    }
    return json.dumps(_storable(record), allow_nan=False, separators=(",", ":")).encode()


def _metadata(said: Metadata) -> dict[str, Any]:
    return {
        "ecosystem": said.ecosystem,
        "kind": said.kind,
        "identifier": said.identifier,
        "version": said.version,
        "name": said.name,
        "summary": said.summary,
        "description": said.description,
        "author": said.author,
        "license": said.license,
        "homepage": said.homepage,
        "source": said.source,
        "changelog": said.changelog,
        "requires": [each.as_json() for each in said.requires],
        "platforms": list(said.platforms),
        "pictures": dict(said.pictures),
        "facts": dict(said.facts),
    }


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "role": picture.role,
        "path": picture.path,
        "content_type": picture.content_type,
        "width_px": picture.width_px,
        "height_px": picture.height_px,
    }


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_storable(key): _storable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(each) for each in value]
    return value
