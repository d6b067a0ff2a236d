"""The endpoint list, told as OpenAPI 3.1; the front ends' types are generated from it.

All shapes go through pydantic together, so a shape that reads and writes differently, or two of
one name in different slices, get names of their own instead of overwriting each other.
"""

import inspect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from backend.core.access import VERBS
from backend.core.files import Download
from backend.core.problems import CODES
from backend.web.endpoint import Endpoint
from backend.web.writing import without_problem

_REF = "#/components/schemas/{model}"

_PROBLEM = {
    "type": "object",
    "required": ["type", "code", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "code": {"enum": sorted(CODES)},
        "title": {"type": "string", "description": "A sentence for the person, in Chinese"},
        "status": {"type": "integer"},
        "fields": {"type": "array", "items": {"$ref": _REF.format(model="FieldIssue")}},
    },
}
_FIELD_ISSUE = {
    "type": "object",
    "required": ["field", "code", "message"],
    "properties": {key: {"type": "string"} for key in ("field", "code", "message")},
}


@dataclass(frozen=True, slots=True)
class _Used:
    """A type at its place in an endpoint: the answer, the body, or a path segment."""

    endpoint: str
    place: str
    mode: JsonSchemaMode
    annotation: Any


class _Schemas:
    """The JSON schema of everything that endpoints read and write, by endpoint and place."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        used = [u for endpoint in endpoints for u in _used(endpoint)]
        found, definitions = TypeAdapter.json_schemas(
            [((u.endpoint, u.place), u.mode, TypeAdapter(u.annotation)) for u in used],
            ref_template=_REF,
        )
        self.all = definitions.get("$defs", {}) | {"Problem": _PROBLEM, "FieldIssue": _FIELD_ISSUE}
        self.found = {key: schema for (key, _), schema in found.items()}

    def at(self, endpoint: Endpoint, place: str) -> dict[str, Any] | None:
        return self.found.get((_key(endpoint), place))


def _key(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


def _used(endpoint: Endpoint) -> Iterator[_Used]:
    key, answer = _key(endpoint), without_problem(endpoint.signature.return_annotation)
    if _is_json(answer):
        yield _Used(key, "answer", "serialization", answer)
    for p in endpoint.signature.parameters.values():
        if p.name == "body" or p.name in endpoint.segments:
            yield _Used(key, p.name, "validation", p.annotation)
        elif p.name == "query":
            for name, field in p.annotation.model_fields.items():
                annotation = field.rebuild_annotation()
                yield _Used(key, f"?{field.alias or name}", "validation", annotation)


def _is_json(annotation: Any) -> bool:
    files = inspect.isclass(annotation) and issubclass(annotation, web.StreamResponse | Download)
    return annotation is not None and not files


def document(endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """The whole contract as one OpenAPI 3.1 object."""
    endpoints = list(endpoints)
    schemas = _Schemas(endpoints)
    paths: dict[str, Any] = {}
    for endpoint in endpoints:
        path = paths.setdefault(endpoint.path, {})
        path[endpoint.method.lower()] = _operation(endpoint, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Jucun 居村通", "version": "1"},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.all.items())),
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
        "x-problems": {
            code: {"status": status, "title": title} for code, (status, title) in CODES.items()
        },
    }


def _operation(endpoint: Endpoint, schemas: _Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "tags": [endpoint.name.split(".")[0]],
        "summary": (endpoint.run.__doc__ or "").split("\n")[0],
        "parameters": list(_parameters(endpoint, schemas)),
        "responses": {
            str(endpoint.status): _answer(endpoint, schemas),
            "default": _json({"$ref": _REF.format(model="Problem")}, "application/problem+json"),
        },
    }
    if endpoint.verb:
        operation |= {"x-verb": endpoint.verb, "x-verb-label": VERBS[endpoint.verb]}
        operation["security"] = [{"session": []}]
    if body := schemas.at(endpoint, "body"):
        operation["requestBody"] = {"required": True} | _json(body)
    if "upload" in endpoint.signature.parameters:
        file = {"type": "string", "contentMediaType": "application/octet-stream"}
        form = {"type": "object", "required": ["file"], "properties": {"file": file}}
        operation["requestBody"] = {"required": True} | _json(form, "multipart/form-data")
    return operation


def _parameters(endpoint: Endpoint, schemas: _Schemas) -> Iterator[dict[str, Any]]:
    for p in endpoint.signature.parameters.values():
        if p.name in endpoint.segments:
            schema = schemas.at(endpoint, p.name)
            yield {"name": p.name, "in": "path", "required": True, "schema": schema}
        elif p.name == "query":
            for key, field in p.annotation.model_fields.items():
                name = field.alias or key
                schema = schemas.at(endpoint, f"?{name}")
                required = field.is_required()
                yield {"name": name, "in": "query", "required": required, "schema": schema}
    if endpoint.repeatable:
        yield _KEY


_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A repeated key repeats the answer instead of the act.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{8,64}$"},
}


def _answer(endpoint: Endpoint, schemas: _Schemas) -> dict[str, Any]:
    if schema := schemas.at(endpoint, "answer"):
        return _json(schema)
    if endpoint.signature.return_annotation is Download:
        return _json({"type": "string", "contentMediaType": "application/octet-stream"}, "*/*")
    return {"description": "done"}


def _json(schema: dict[str, Any], media_type: str = "application/json") -> dict[str, Any]:
    return {"description": "ok", "content": {media_type: {"schema": schema}}}
