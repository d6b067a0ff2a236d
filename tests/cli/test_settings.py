"""The settings a command runs with, and the key ring: told in plain words, nothing overwritten."""

import pytest
from typer.testing import CliRunner

from backend.cli import app, parts
from backend.core.crypto import Keys
from backend.machine.running import Failed


def test_variables_that_cannot_be_read_are_named(monkeypatch):
    monkeypatch.setenv("JUCUN_PROCESSES", "many")
    monkeypatch.setenv("JUCUN_ENV", "prod")
    with pytest.raises(Failed) as failed:
        parts.read()
    assert "JUCUN_PROCESSES: " in str(failed.value) and "JUCUN_ENV: " in str(failed.value)


def test_production_never_starts_an_embedded_database(monkeypatch):
    monkeypatch.setenv("JUCUN_ENV", "production")
    monkeypatch.delenv("JUCUN_DATABASE_URL", raising=False)
    with pytest.raises(Failed, match="JUCUN_DATABASE_URL is missing"), parts.at_hand():
        pass


def test_a_key_ring_is_never_overwritten_and_a_new_key_keeps_the_old_ones(tmp_path):
    file = tmp_path / "keys.json"
    run = CliRunner().invoke
    assert run(app, ["keys", str(file)]).exit_code == 0
    assert file.stat().st_mode & 0o077 == 0
    first = Keys.read(file)
    assert isinstance(run(app, ["keys", str(file)]).exception, Failed)
    assert Keys.read(file) == first
    assert run(app, ["keys", str(file), "--rotate"]).exit_code == 0
    second = Keys.read(file)
    assert second.active == "k2" and second.masters["k1"] == first.masters["k1"]
    assert second.index == first.index
    assert file.stat().st_mode & 0o077 == 0
