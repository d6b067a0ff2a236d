"""The sandbox as a program: it says what it needs, and never starts by accident."""

import subprocess
import sys

import pytest

STATE = """
corps:
  - corp_id: ww1
    name: 企业
    apps: [{agent_id: 1, name: 应用, secret: long-enough}]
    departments: [{id: 1, name: 企业}]
"""


def start(*arguments):
    command = [sys.executable, "-m", "backend.sandbox.wecom", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_it_does_not_start_without_the_flag(tmp_path):
    (tmp_path / "state.yaml").write_text(STATE)
    ended = start("--port", "0", "--state", str(tmp_path / "state.yaml"))
    assert ended.returncode == 2 and "--i-am-a-sandbox" in ended.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (STATE.replace("long-enough", "short"), "corps.0.apps.0.secret"),
        (STATE.replace("agent_id", "agent"), "corps.0.apps.0.agent_id"),
        ("corps: [", "state.yaml"),
    ],
)
def test_a_bad_state_file_is_named(tmp_path, text, told):
    (tmp_path / "state.yaml").write_text(text)
    ended = start("--port", "0", "--state", str(tmp_path / "state.yaml"), "--i-am-a-sandbox")
    assert ended.returncode == 2 and told in ended.stderr and "Traceback" not in ended.stderr
