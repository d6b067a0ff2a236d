"""What comes in: read strictly, refused in Chinese sentences that name the field."""

from io import BytesIO

import orjson
import pytest
from aiohttp import FormData, MultipartWriter

from tests.web.conftest import told


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, {}),
        ({"text": "早上好", "n": 3, "ok": True}, {"text": "早上好", "n": 3, "ok": True}),
        ({"on": "2026-10-08"}, {"on": "2026-10-08"}),
        ({"at": "2026-10-08T09:00:00+08:00"}, {"at": "2026-10-08T09:00:00+08:00"}),
        ({"money": "12.50"}, {"money": "12.50"}),
        ({"from": "2026-10-01"}, {"from": "2026-10-01"}),
        ({"clerks": [{"name": "陆小燕"}]}, {"clerks": [{"name": "陆小燕", "age": 30}]}),
        ({"answers": {"a": [1, 2.5, None, "x"]}}, {"answers": {"a": [1, 2.5, None, "x"]}}),
        # a number that not everybody can read is the same number for everybody afterwards
        ({"answers": {"a": 10**30}}, {"answers": {"a": 1e30}}),
        ({"answers": {"a": "\\u0000 is text"}}, {"answers": {"a": "\\u0000 is text"}}),
        ({"answers": {"a": 9007199254740993}}, {"answers": {"a": 9007199254740993}}),
    ],
)
async def test_good_bodies(web, given, kept):
    status, body = await told(await web.post("/t/echo", json=given))
    assert status == 200 and {key: body[key] for key in kept} == kept


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"n": True}, "n", "类型不对"),
        ({"n": "3"}, "n", "类型不对"),
        ({"n": 3.0}, "n", "类型不对"),
        ({"ok": 1}, "ok", "类型不对"),
        ({"on": "20261008"}, "on", "日期应写成 2026-01-31"),
        ({"on": 0}, "on", "类型不对"),
        ({"on": "2026-02-30"}, "on", "日期应写成 2026-01-31"),
        ({"at": 1791417600}, "at", "类型不对"),
        ({"id": "x"}, "id", "格式不对"),
        ({"kind": "丙"}, "kind", "应为 '甲'、'乙' 之一"),
        ({"text": "x" * 21}, "text", "最多 20 个字"),
        ({"clerks": [{"name": "陆"}]}, "clerks.0.name", "至少 2 个字"),
        ({"clerks": [{}]}, "clerks.0.name", "没有填写"),
        ({"clerks": [{"name": "陆小燕", "age": 151}]}, "clerks.0.age", "不应大于 150"),
        ({"typo": 1}, "typo", "不认识这一项"),
        ({"since": "2026-10-01"}, "since", "不认识这一项"),
        ({"text": "a\0b"}, "body", "含有无法识别的字符"),
        ({"answers": {"deep": [{"a\0": 1}]}}, "body", "含有无法识别的字符"),
        ([], "body", "类型不对"),
        ("text", "body", "类型不对"),
        (None, "body", "类型不对"),
    ],
)
async def test_bad_bodies(web, given, field, sentence):
    status, body = await told(await web.post("/t/echo", data=orjson.dumps(given)))
    assert (status, body["code"]) == (400, "input.bad")
    assert {"field": field, "message": f"{field}：{sentence}"}.items() <= body["fields"][0].items()


@pytest.mark.parametrize(
    "raw",
    [
        b"{", b"{]", b'{"n": 1,}', b"\xff\xfe", b'{"text": "\xff"}', b'{"text": "\\ud800"}',
        b'{"answers": {"x": NaN}}', b'{"answers": {"x": Infinity}}', b'{"answers": {"x": 1e400}}',
        b'{"answers": ' + b"[" * 5000 + b"]" * 5000 + b"}", b'{"text": "a\x00b"}', b"n=1&text=x",
    ],
)  # fmt: skip
async def test_what_is_no_json(web, raw):
    status, body = await told(await web.post("/t/echo", data=raw))
    assert (status, body["code"]) in {(400, "input.not_json"), (400, "input.bad")}


async def test_an_empty_body_is_an_empty_object(web):
    assert (await web.post("/t/echo")).status == 200


async def test_a_body_that_is_too_large(web):
    raw = orjson.dumps({"answers": {"a": "x" * (1 << 20)}})
    status, body = await told(await web.post("/t/echo", data=BytesIO(raw)))
    assert (status, body["code"], body["limit_mb"]) == (413, "input.too_large", 1)


async def test_a_zip_bomb_is_too_large_as_well(web):
    import zlib

    packed = zlib.compress(b'{"text": "' + b"x" * (64 << 20) + b'"}')
    headers = {"Content-Encoding": "deflate", "Content-Type": "application/json"}
    assert (await web.post("/t/echo", data=packed, headers=headers)).status == 413
    status, body = await told(await web.post("/t/echo", data=b"not packed", headers=headers))
    assert (status, body["code"]) == (400, "input.not_json")


# --- query strings and path segments ---


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", {"q": "", "kinds": [], "most": 10, "limit": 50}),
        ("?q=陆&on=2026-10-08&most=3", {"q": "陆", "on": "2026-10-08", "most": 3}),
        ("?kinds=甲&kinds=乙", {"kinds": ["甲", "乙"]}),
        ("?kinds=甲", {"kinds": ["甲"]}),
        ("?q=&on=&kinds=&cursor=", {"q": "", "on": None, "kinds": [], "cursor": None}),
    ],
)
async def test_good_queries(web, query, kept):
    status, body = await told(await web.get(f"/t/search{query}"))
    assert status == 200 and {key: body[key] for key in kept} == kept


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?on=20261008", "on"),
        ("?on=0", "on"),
        ("?most=x", "most"),
        ("?most=1&most=2", "most"),
        ("?limit=0", "limit"),
        ("?limit=201", "limit"),
        ("?kinds=丙", "kinds.0"),
        ("?unknown=1", "unknown"),
        ("?q=%00", "q"),
    ],
)
async def test_bad_queries(web, query, field):
    status, body = await told(await web.get(f"/t/search{query}"))
    assert (status, body["fields"][0]["field"]) == (400, field)


@pytest.mark.parametrize(
    "path", ["x/1", "%00/1", "0192f3a4-b5c6-7123-8123-123456789012/x", "%ff/1"]
)
async def test_what_cannot_be_an_id_does_not_exist(web, path):
    status, body = await told(await web.get(f"/t/notes/{path}"))
    assert (status, body["code"]) == (404, "thing.missing")


# --- uploads ---


def form(body=b"picture", name="照片.jpg", kind="image/jpeg"):
    data = FormData(quote_fields=False)
    data.add_field("note", "before the file")
    data.add_field("file", body, filename=name, content_type=kind)
    return data


async def test_a_file(web):
    status, body = await told(await web.post("/t/upload", data=form()))
    assert (status, body) == (200, {"name": "照片.jpg", "kind": "image/jpeg", "size": 7})


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x.jpg", "C:\\x.jpg"),
        ("x" * 300, "x" * 120),
    ],
)
async def test_a_name_is_no_path(web, name, kept):
    _, body = await told(await web.post("/t/upload", data=form(name=name)))
    assert body["name"] == kept


async def test_a_file_that_is_too_large_by_its_announced_length(web):
    status, body = await told(
        await web.post("/t/upload", data=form(BytesIO(bytes((1 << 20) + 200_000))))
    )
    assert (status, body["code"], body["limit_mb"]) == (413, "file.too_large", 1)


async def test_a_file_that_is_too_large_without_saying_so(web):
    sent = 0

    async def endless():
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
        for _ in range(640):
            sent += 1 << 16
            yield bytes(1 << 16)

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    try:
        response = await web.post("/t/upload", data=endless(), headers=headers)
    except OSError:
        pass  # the server hung up while we were still sending
    else:
        assert (await told(response))[0] == 413
    assert sent < 40 << 20


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        (b"", {}),
        (b"{}", {"Content-Type": "application/json"}),
        (b"", {"Content-Type": "multipart/form-data"}),
        (b"", {"Content-Type": "multipart/form-data; boundary=b"}),
        (b"--b\r\n", {"Content-Type": "multipart/form-data; boundary=b"}),
        (b"--b\r\nContent-Disposition: form-data; name=file; filename=x\r\n\r\ncut",
         {"Content-Type": "multipart/form-data; boundary=b"}),
        (b"--other\r\n\r\n--other--\r\n", {"Content-Type": "multipart/form-data; boundary=b"}),
        (b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\n--c--\r\n--b--\r\n",
         {"Content-Type": "multipart/form-data; boundary=b"}),
        (b"x", {"Content-Type": "multipart/form-data; boundary=" + "b" * 200}),
        (b"x", {"Content-Type": "multipart/form-data; boundary=\"\xe9\""}),
    ],
)  # fmt: skip
async def test_what_is_no_file(web, data, headers):
    status, body = await told(await web.post("/t/upload", data=data, headers=headers))
    assert (status, body["code"]) == (400, "file.missing")


async def test_other_fields_cannot_go_on_for_ever(web):
    writer = MultipartWriter("form-data")
    for _ in range(20):
        writer.append("x" * 10_000).set_content_disposition("form-data", name="note")
    status, body = await told(await web.post("/t/upload", data=writer))
    assert (status, body["code"]) == (400, "file.missing")
