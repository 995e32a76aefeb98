"""The reference of the API as people read it, made from the OpenAPI document. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

METHODS = ("get", "put", "post", "patch", "delete")
ORDER = (
    "Catalogue", "Copies", "Publishers", "Uploads", "Releases", "Notices", "Privacy", "Review", "Accounts",
    "Tokens", "Administration", "Outbox", "Health",
)  # fmt: skip
STANDS_FOR = {"string": "…", "integer": 1, "number": 1, "boolean": True, "array": [], "object": {}}


@dataclass(frozen=True, slots=True)
class Named:
    """One parameter or field: its name, whether it must be there, where it goes, what it means."""

    name: str
    required: bool
    where: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path, with an example for curl."""

    method: str
    path: str
    summary: str
    description: str
    signed: bool
    parameters: tuple[Named, ...]
    fields: tuple[Named, ...]
    answers: tuple[str, ...]
    curl: str


def operations_by_tag(spec: Mapping[str, Any], base: str) -> dict[str, list[Operation]]:
    """Return the operations under their tags; ``base`` is the public address."""
    groups: dict[str, list[Operation]] = {tag: [] for tag in ORDER}
    for path, methods in sorted(spec["paths"].items()):
        for method in METHODS:
            if method in methods:
                tag = (methods[method].get("tags") or ["Other"])[0]
                groups.setdefault(tag, []).append(_operation(method, path, methods[method], spec, base))
    return {tag: found for tag, found in groups.items() if found}


def _operation(
    method: str, path: str, said: Mapping[str, Any], spec: Mapping[str, Any], base: str
) -> Operation:
    body = _body(said, spec)
    signed = bool(said.get("security"))
    return Operation(
        method=method.upper(), path=path, summary=said.get("summary", ""), signed=signed,
        description=said.get("description", ""), fields=_fields(body),
        parameters=tuple(_parameter(each) for each in said.get("parameters", ())),
        answers=tuple(code for code in said.get("responses", {}) if code != "default"),
        curl=_curl(method, path, base, body, signed=signed),
    )  # fmt: skip


def _parameter(said: Mapping[str, Any]) -> Named:
    schema = said.get("schema", {})
    meaning = schema.get("description") or said.get("description") or _type_of(schema)
    return Named(said["name"], bool(said.get("required")), said["in"], meaning)


def _fields(schema: Mapping[str, Any]) -> tuple[Named, ...]:
    required = schema.get("required", ())
    return tuple(
        Named(name, name in required, "body", each.get("description") or _type_of(each))
        for name, each in schema.get("properties", {}).items()
    )


def _body(said: Mapping[str, Any], spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of the JSON body, or an empty one."""
    content = said.get("requestBody", {}).get("content", {})
    schema: Mapping[str, Any] = content.get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        return spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]  # type: ignore[no-any-return]
    return schema


def _type_of(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(str(value) for value in schema["enum"])
    either = [part.get("type", "") for part in schema.get("anyOf", ())]
    return str(schema.get("type") or " or ".join(part for part in either if part and part != "null"))


def _curl(method: str, path: str, base: str, body: Mapping[str, Any], *, signed: bool) -> str:
    parts = ["curl"]
    if method != "get":
        parts.append(f"-X {method.upper()}")
    if signed:
        parts.append('-H "Authorization: Bearer $TOKEN"')
    if body:
        needed = body.get("required", ())
        example = {name: _example(each) for name, each in body["properties"].items() if name in needed}
        parts.append(f"-H 'Content-Type: application/json' -d '{json.dumps(example, ensure_ascii=False)}'")
    parts.append(f"'{base}{path}'" if "{" in path else f"{base}{path}")
    return " ".join(parts)


def _example(schema: Mapping[str, Any]) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    return STANDS_FOR.get(_type_of(schema).split(" or ")[0], "…")
