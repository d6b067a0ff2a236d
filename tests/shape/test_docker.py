"""The production shape without an engine at hand: whatever docker/ names must exist here."""

import json
import re
import shlex
from pathlib import Path

import pytest
import typer
import yaml

from backend.cli import app as command_line
from backend.core.crypto import Keys
from backend.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent.parent
DOCKER = ROOT / "docker"
COMPOSE = yaml.safe_load((DOCKER / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = {name: s for name, s in SERVICES.items() if s["image"].startswith("jucun:")}
NGINX = (DOCKER / "nginx.conf").read_text(encoding="utf-8")
COMMANDS = set(typer.main.get_command(command_line).commands)
# what the images of others bring along
FOREIGN_PORTS = {"database": 5432, "redis": 6379, "store": 8333}


def dockerfile():
    """(stage, instruction, words) for every instruction, continuation lines joined."""
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.M))
    stage, found = "", []
    for line in filter(str.strip, text.splitlines()):
        instruction, _, rest = line.strip().partition(" ")
        if instruction == "FROM":
            stage = rest.split(" AS ")[1]
        words = json.loads(rest) if rest.strip().startswith("[") else shlex.split(rest)
        found.append((stage, instruction, words))
    return found


IMAGE = dockerfile()
STAGES = dict.fromkeys(stage for stage, _, _ in IMAGE)
FINAL = list(STAGES)[-1]
ENV = dict(
    pair.split("=", 1)
    for stage, instruction, words in IMAGE
    if stage == FINAL and instruction == "ENV"
    for pair in words
)


def last(instruction):
    return [words for stage, i, words in IMAGE if (stage, i) == (FINAL, instruction)][-1]


def ignored():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def listen_port():
    return int(ENV["JUCUN_LISTEN"].rpartition(":")[2])


@pytest.fixture(scope="module")
def routes(tmp_path_factory):
    """Every path the real application answers."""
    from pydantic import SecretStr

    from backend.app import build

    var = tmp_path_factory.mktemp("var")
    Keys.fresh().write(var / "keys.json")
    settings = Settings(
        env="test",
        database_url=SecretStr("postgresql://nobody@127.0.0.1:1/none"),
        keys_file=var / "keys.json",
        var=var,
    )
    return {resource.canonical for resource in build(settings).router.resources()}


def test_every_copied_path_exists_and_is_sent_to_the_engine():
    sent = {line.removeprefix("!") for line in ignored() if line.startswith("!")}
    for stage, instruction, words in IMAGE:
        if instruction != "COPY":
            continue
        *sources, _ = [word for word in words if not word.startswith("--")]
        named = next((w.removeprefix("--from=") for w in words if w.startswith("--from=")), None)
        if named:
            order = list(STAGES)
            assert order.index(named) < order.index(stage)
            assert all(source.startswith(("/src/", "/opt/")) for source in sources)
            continue
        for source in sources:
            assert (ROOT / source).exists(), source
            assert source.split("/")[0] in sent, f"{source} is kept back by .dockerignore"


def test_what_one_stage_hands_over_is_built_in_it():
    built = {"/src/miniapp/console/dist", "/src/miniapp/phone/dist/build/h5"}
    fonts = {"/src/templates/fonts/node_modules"}
    handed = {
        word
        for stage, instruction, words in IMAGE
        if stage == FINAL and instruction == "COPY" and "--from=screens" in words
        for word in words[1:-1]
    }
    assert handed == built | fonts
    runs = [" ".join(words) for stage, i, words in IMAGE if (stage, i) == ("screens", "RUN")]
    for package in ("miniapp", "miniapp/phone", "templates/fonts"):
        assert any(f"cd {package} && npm ci" in run for run in runs)
        assert (ROOT / package / "package-lock.json").is_file()
    for package in ("miniapp", "miniapp/phone"):
        scripts = json.loads((ROOT / package / "package.json").read_text())["scripts"]
        assert "build" in scripts
    assert any(run.endswith("npm run build && cd phone && npm run build") for run in runs)


def test_the_image_runs_without_root_and_knows_its_health(routes):
    user = last("USER")[0]
    assert user.split(":")[0].isdigit() and not user.startswith("0")
    health = " ".join(last("HEALTHCHECK"))
    port, path = re.search(r"http://127\.0\.0\.1:(\d+)(/\w+)", health).groups()
    assert int(port) == listen_port() == int(last("EXPOSE")[0])
    assert path in routes
    assert last("VOLUME")[0] == ENV["JUCUN_VAR"]


def test_packages_are_installed_by_hash_only():
    runs = [" ".join(words) for _, i, words in IMAGE if i == "RUN"]
    pip = [run for run in runs if "pip install" in run]
    assert pip and all("--require-hashes" in run and "requirements.txt" in run for run in pip)


def test_every_command_exists():
    assert last("ENTRYPOINT") == ["python", "-m", "backend"]
    assert set(last("CMD")) <= COMMANDS
    assert OURS.keys() == {"app", "worker", "migrate"}
    for name, service in OURS.items():
        assert service["command"][0] in COMMANDS, name


def test_every_variable_is_a_setting():
    given = dict(ENV)
    for service in OURS.values():
        given |= service["environment"]
    for name in given:
        if name.startswith(PREFIX):
            field = name.removeprefix(PREFIX).lower()
            known = {field, field.removesuffix("_file")} & Settings.model_fields.keys()
            assert known, f"{name} is no setting"


def test_every_secret_is_declared_given_and_read():
    declared = COMPOSE["secrets"]
    used = set()
    for name, service in SERVICES.items():
        mounted = set(service.get("secrets", []))
        text = json.dumps([service.get("environment", {}), service.get("command", "")])
        read = set(re.findall(r"/run/secrets/(\w+)", text + (NGINX if name == "proxy" else "")))
        assert read == mounted, name
        used |= mounted
    assert used == declared.keys()
    assert all(secret["file"].startswith("./secrets/") for secret in declared.values())
    assert "docker/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()


def test_two_servers_and_two_workers():
    assert {n: s["deploy"]["replicas"] for n, s in OURS.items() if "deploy" in s} == {
        "app": 2,
        "worker": 2,
    }


def test_services_wait_for_services_that_can_be_waited_for():
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in SERVICES, f"{name} waits for {other}"
            if how["condition"] == "service_healthy":
                checked = "healthcheck" in SERVICES[other] or other in OURS
                assert checked and not SERVICES[other].get("healthcheck", {}).get("disable")
            else:
                assert SERVICES[other]["restart"] == "no"


def test_addresses_name_services_and_their_ports():
    settings = OURS["app"]["environment"]
    for name, port in re.findall(r"(?:://|=)(\w+):(\d+)", json.dumps(settings)):
        assert FOREIGN_PORTS[name] == int(port)
    for name in ("app", "worker", "migrate", "database", "redis", "store"):
        assert "inside" in SERVICES[name]["networks"]
    assert re.findall(r"server (\w+):(\d+)", NGINX) == [("app", str(listen_port()))]
    outer = {port.split(":")[1] for port in SERVICES["proxy"]["ports"]}
    assert outer == set(re.findall(r"listen (\d+)", NGINX))


def test_only_the_proxy_is_open_to_the_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_every_proxied_path_is_answered(routes):
    wanted = re.findall(r"location (=|~)? ?(\S+) \{[^}]*proxy_pass", NGINX)
    assert {path for _, path in wanted} >= {"/m/", "/console/", "/api/", "/wecom/callback/"}
    for how, path in wanted:
        if how == "~":
            assert re.search(path, "/WW_verify_Ab12.txt") and "/WW_verify_{proof}.txt" in routes
            continue
        if how == "=":
            assert path in routes, path
        else:
            assert any(route.startswith(path) for route in routes), path


def test_figures_and_readiness_stay_inside(routes):
    for path in ("/metrics", "/readyz"):
        assert re.search(rf"location = {path} \{{ return 404; \}}", NGINX)
        assert path in routes


def test_uploads_fit_through_the_door():
    limit = int(re.search(r"client_max_body_size (\d+)m;", NGINX)[1])
    assert limit > 10


def test_the_example_names_every_variable_of_the_compose_file():
    text = (DOCKER / "compose.yaml").read_text(encoding="utf-8")
    asked = set(re.findall(r"\$\{(\w+)", text))
    example = (DOCKER / ".env.example").read_text(encoding="utf-8")
    assert asked == set(re.findall(r"^(\w+)=", example, re.M))


def test_the_operations_page_names_every_setting_and_every_secret():
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(JUCUN_[A-Z_]+)`", page))
    assert {PREFIX + field.upper() for field in Settings.model_fields} <= named
    files = {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()}
    assert {name for name in files if f"`{name}`" not in page} == set()
    used = set(re.findall(r"\./jucun ([a-z]+)", page))
    assert used <= COMMANDS, used - COMMANDS
