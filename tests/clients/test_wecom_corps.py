"""The corps file: everything a private deployment changes, secrets from files, and its mistakes."""

import pytest

from backend.clients import wecom

GOOD = """
corps:
  - corp_id: wlputuo
    name: 政务微信
    area: "310107000000"
    app: {agent_id: 1000002, secret_file: FILE}
    contacts: {agent_id: 2000002, secret: abc, callback: {token: QDG6eK, aes_key: KEY}}
    api_base: https://zwwx.example.gov.cn/
    api_path_prefix: /gateway/cgi-bin/
    userinfo_path: user/getuserinfo
    recall_style: revoke
    extra_headers: {X-App-Id: jucun}
    callback_receiveid: ""
"""


def written(tmp_path, text):
    (tmp_path / "secret").write_text("from-a-file\n")
    path = tmp_path / "corps.yaml"
    text = text.replace("FILE", str(tmp_path / "secret"))
    path.write_text(text.replace("KEY", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"))
    return path


def test_it_works(tmp_path):
    (corp,) = wecom.read(written(tmp_path, GOOD))
    assert corp.app.secret.get_secret_value() == "from-a-file"
    assert corp.api_base + corp.api_path_prefix == "https://zwwx.example.gov.cn/gateway/cgi-bin/"
    assert corp.receiveid == "" and corp.mini is None and corp.contact_source == "wecom"
    assert "from-a-file" not in repr(corp) and "jWmYm7qr" not in repr(corp)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (("area:", "aera:"), "corps.0.area"),
        (("KEY", "short"), "corps.0.contacts.callback.aes_key"),
        (("https://zwwx", "zwwx"), "corps.0.api_base"),
        (("secret_file: FILE", "secret_file: /nowhere/secret-x"), "/nowhere/secret-x"),
        (("corps:", "corps: ["), "line"),
        (("user/getuserinfo", "getuserinfo"), "corps.0.userinfo_path"),
    ],
)
def test_mistakes_are_named_and_secrets_are_not(tmp_path, changed, told):
    with pytest.raises(ValueError, match=r"corps\.yaml") as caught:
        wecom.read(written(tmp_path, GOOD.replace(*changed)))
    assert told in str(caught.value)
    assert "from-a-file" not in str(caught.value) and "abc" not in str(caught.value)


def test_a_corp_stands_once(tmp_path):
    twice = GOOD + GOOD.replace("corps:\n", "")
    with pytest.raises(ValueError, match="twice"):
        wecom.read(written(tmp_path, twice))
