"""The contract: OpenAPI 3.1 that says what the endpoints do, the tiny and the real ones."""

import re

import pytest

from backend.app import ENDPOINTS, openapi
from backend.core.problems import CODES
from backend.web.openapi import document
from tests.web import tiny

TYPES = {"string", "integer", "number", "boolean", "array", "object", "null"}


@pytest.fixture(scope="module", params=["tiny", "real"])
def contract(request):
    return document(tiny.ENDPOINTS) if request.param == "tiny" else openapi()


def walk(node, path=""):
    yield path, node
    pairs = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for key, inner in pairs:
        yield from walk(inner, f"{path}/{key}")


def operations(contract):
    for path, methods in contract["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_outer_shape(contract):
    assert re.fullmatch(r"3\.1\.\d", contract["openapi"])
    assert contract["info"]["title"] and contract["info"]["version"]
    assert {*contract} <= {"openapi", "info", "paths", "components", "x-problems"}


def test_every_reference_leads_somewhere_and_every_schema_is_used(contract):
    schemas = contract["components"]["schemas"]
    prefix = "#/components/schemas/"
    used = {node["$ref"] for _, node in walk(contract) if isinstance(node, dict) and "$ref" in node}
    assert {ref.removeprefix(prefix) for ref in used} == schemas.keys()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in schemas)


def test_every_schema_uses_words_of_json_schema(contract):
    for path, node in walk(contract):
        if not isinstance(node, dict) or path.endswith(("/properties", "/x-problems", "/example")):
            continue
        kind = node.get("type")
        if "schema" in path and isinstance(kind, str) and "securitySchemes" not in path:
            assert kind in TYPES, path
        for key in ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"):
            assert not isinstance(node.get(key), bool | str), path
        assert ("nullable" not in node and "exclusiveMinimum" not in node) or kind, path


def test_operations_are_named_once_and_answer(contract):
    names = [operation["operationId"] for *_, operation in operations(contract)]
    assert len(names) == len(set(names)) > 0
    for path, method, operation in operations(contract):
        assert method in {"get", "post", "put", "delete"} and path.startswith("/")
        codes = operation["responses"].keys() - {"default"}
        assert len(codes) == 1 and re.fullmatch("2..", *codes)
        assert all(answer["description"] for answer in operation["responses"].values())


def test_parameters_are_those_of_the_path(contract):
    for path, method, operation in operations(contract):
        given = operation["parameters"]
        in_path = [p["name"] for p in given if p["in"] == "path"]
        assert sorted(in_path) == sorted(re.findall(r"{(\w+)}", path)), (path, method)
        assert len({(p["in"], p["name"]) for p in given}) == len(given)
        assert all(p["schema"] and isinstance(p["required"], bool) for p in given)
        assert all(p["required"] for p in given if p["in"] == "path")


def test_every_problem_is_documented(contract):
    assert contract["x-problems"].keys() == CODES.keys()
    assert contract["components"]["schemas"]["Problem"]["properties"]["code"]["enum"] == sorted(
        CODES
    )


def test_what_is_public_asks_for_no_session():
    contract = openapi()
    for endpoint in ENDPOINTS:
        operation = contract["paths"][endpoint.path][endpoint.method.lower()]
        assert ("security" in operation) == (not endpoint.public)
        assert operation["operationId"].split(".")[0] in operation["tags"]


def test_the_tiny_one_in_full():
    contract = document(tiny.ENDPOINTS)
    echo = contract["paths"]["/t/echo"]["post"]
    schemas = contract["components"]["schemas"]
    # a shape that reads and writes differently has two names
    body = echo["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    answer = echo["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    assert body.endswith("Note-Input") and answer.endswith("Note-Output")
    assert "from" in schemas["Note-Input"]["properties"] and "required" not in schemas["Note-Input"]
    assert "n" in schemas["Note-Output"]["required"]
    search = contract["paths"]["/t/search"]["get"]["parameters"]
    assert {p["name"] for p in search} == {"cursor", "limit", "q", "kinds", "on", "most"}
    write = contract["paths"]["/t/write"]["post"]
    assert write["x-verb"] == "tiny.write" and write["x-verb-label"] == "写"
    assert "Idempotency-Key" in {p["name"] for p in write["parameters"]}
    assert write["responses"]["201"]["content"]["application/json"]["schema"]["$ref"].endswith(
        "Stored"
    )
    assert "multipart/form-data" in contract["paths"]["/t/upload"]["post"]["requestBody"]["content"]
    assert "*/*" in contract["paths"]["/t/download"]["get"]["responses"]["200"]["content"]


def test_two_shapes_of_one_name_do_not_overwrite_each_other():
    from backend.core.access import Actor, look
    from backend.core.shape import Shape
    from backend.web.endpoint import get

    def shaped(**fields):
        return type("Thing", (Shape,), {"__annotations__": fields, "__module__": f"m{len(fields)}"})

    def endpoint(path, shape):
        async def run(actor: Actor) -> shape: ...

        run.__annotations__ = {"actor": Actor, "return": shape}
        return get(path, look("tiny.read", "看")(run))

    contract = document([endpoint("/a", shaped(a=int)), endpoint("/b", shaped(a=int, b=int))])
    refs = [
        contract["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"][
            "$ref"
        ]
        for path in ("/a", "/b")
    ]
    assert len(set(refs)) == 2
