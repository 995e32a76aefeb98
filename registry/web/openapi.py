"""The OpenAPI 3.1 document, made from the routes; errors are RFC 9457 problems."""

from typing import Any

from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response

from registry.errors import FieldFault, Invalid, MarqueeError
from registry.web.problems import answer

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "ends in the stable code"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what is wrong in this case, and what to do"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"detail": {"type": "string"}, "pointer": {"type": "string"}},
            },
        },
    },
}


def install(app: APIFlask) -> None:
    """Describe errors and sign-in in the document, and answer validation faults as problems."""
    app.security_schemes = {"token": {"type": "http", "scheme": "bearer"}}
    app.spec_processor(_describe)
    app.register_error_handler(HTTPError, _validation)


def _describe(spec: Any) -> Any:
    spec["info"]["description"] = "Marquee's API. Errors are application/problem+json (RFC 9457)."
    schemas = spec.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    wrong = {
        "description": "A problem (RFC 9457)",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for methods in spec.get("paths", {}).values():
        for operation in methods.values():
            if isinstance(operation, dict) and "responses" in operation:
                kept = {c: r for c, r in operation["responses"].items() if str(c)[0] in "123"}
                operation["responses"] = {**kept, "default": wrong}
    return spec


def _validation(error: HTTPError) -> Response:
    if error.status_code != 422:
        told = MarqueeError(error.message or "")
        told.status, told.code = error.status_code, "request.malformed"
        return answer(told)
    detail = error.detail if isinstance(error.detail, dict) else {}
    faults = list(_faults(detail))
    sentence = faults[0].detail if faults else "The request does not fit its description."
    return answer(Invalid(sentence, faults=faults))


def _faults(detail: Any) -> list[FieldFault]:
    """Flatten APIFlask's {location: {field: [message]}} and pydantic's lists of {loc, msg}."""
    found: list[FieldFault] = []
    for part in detail.values():
        entries = part.items() if isinstance(part, dict) else enumerate(part or [])
        for name, value in entries:
            found.extend(_fault(name, value))
    return found


def _fault(name: Any, value: Any) -> list[FieldFault]:
    if isinstance(value, dict) and "msg" in value:
        pointer = "/" + "/".join(str(step) for step in value.get("loc", ()))
        return [FieldFault(pointer, f"{value['msg']}.")]
    if isinstance(value, list):
        return [fault for item in value for fault in _fault(name, item)]
    return [FieldFault(f"/{name}", str(value))]
