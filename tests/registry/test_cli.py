"""The operator's commands: what they print, and how they end."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import click
import pytest
from click.testing import CliRunner, Result

from registry import cli
from registry.accounts.actor import Scope
from registry.accounts.models import Role
from registry.accounts.tokens import actor_of_token
from registry.clock import now
from registry.database import transaction
from registry.migrations import head
from registry.work import Job, Work, enqueue, perform

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def call(app, environ, monkeypatch, tmp_path):
    """Call a command as the operator of the tests' Marquee."""
    for name, value in {**environ, "MARQUEE_HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)

    def run(*words: str) -> Result:
        result = CliRunner().invoke(cli.main, words)
        if not isinstance(result.exception, SystemExit | None):
            raise result.exception
        return result

    return run


def real(*words: str, environ: dict[str, str]) -> subprocess.CompletedProcess:
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "registry", *words],
        cwd=ROOT,
        env={**plain, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# Tokens and accounts


def test_a_token_is_all_that_token_create_prints(app, environ, given):
    account = given.account()
    done = real("token", "create", "--account", account.email, "--scope", "upload", environ=environ)
    assert done.returncode == 0, done.stderr
    [line] = done.stdout.splitlines()
    actor = given.run(actor_of_token, line)
    assert actor.account_id == account.id
    assert actor.scopes == {Scope.UPLOAD}


@pytest.mark.parametrize(
    "words",
    [
        ("--scope", "read", "--scope", "upload"),
        ("--scope", "read", "upload"),
        ("--scope", "read,upload"),
    ],
)
def test_scopes_can_be_said_in_each_usual_way(call, given, words):
    done = call("token", "create", *words, "--account", given.account().email)
    assert done.exit_code == 0, done.output
    assert given.run(actor_of_token, done.stdout.strip()).scopes == {Scope.READ, Scope.UPLOAD}


def test_scope_all_is_every_scope_that_the_account_may_have(call, given):
    for account in (given.account(), given.moderator(), given.admin()):
        done = call("token", "create", "--account", account.email, "--scope", "all")
        actor = given.run(actor_of_token, done.stdout.strip())
        assert actor.scopes == given.actor(account).scopes


def test_an_unknown_scope_ends_with_2_and_the_list(call, given):
    done = call("token", "create", "--account", given.account().email, "--scope", "publish")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "There is no scope 'publish'; the scopes are read, upload, manage, review, admin, all." in (
        done.stderr
    )


def test_a_token_for_nobody_ends_with_1_and_a_sentence(call):
    done = call("token", "create", "--account", "nobody@example.org", "--scope", "all")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == ("Error: There is no account nobody@example.org; make it with `account create`.\n")


@pytest.mark.parametrize("words", [(), ("--scope", "read"), ("--account", "a@example.org")])
def test_a_token_without_account_or_scope_is_wrong_usage(call, words):
    assert call("token", "create", *words).exit_code == 2


def test_an_account_is_made_verified_and_its_password_printed(call, given, client):
    done = call("account", "create", "--email", "max@example.org", "--role", "moderator")
    assert done.exit_code == 0, done.output
    assert done.stderr == "max@example.org is a moderator.\n"
    [password] = done.stdout.splitlines()
    body = {"email": "max@example.org", "password": password}
    opened = client.post("/api/v1/sessions", json=body).json
    me = client.bearing(opened["token"]).get("/api/v1/me").json
    assert (me["role"], me["verified"], me["name"]) == ("moderator", True, "max")


def test_a_password_that_is_given_is_not_printed(call, client):
    password = "violet anchor ninety teaspoons"
    done = call("account", "create", "--email", "a@example.org", "--password", password)
    assert (done.exit_code, done.stdout) == (0, "")
    body = {"email": "a@example.org", "password": password}
    assert client.post("/api/v1/sessions", json=body).status_code == 201


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--email", "a@example.org", "--role", "king"), 2),
        ((), 2),
        (("--email", "nonsense"), 1),
        (("--email", "a@example.org", "--password", "short"), 1),
    ],
)
def test_an_account_that_cannot_be_made_is_refused(call, words, code):
    done = call("account", "create", *words)
    assert (done.exit_code, done.stdout) == (code, "")


def test_an_account_is_not_made_twice(call, given):
    account = given.account()
    done = call("account", "create", "--email", account.email)
    assert done.exit_code == 1
    assert "has an account already" in done.stderr


def test_the_roles_and_scopes_of_the_commands_are_those_there_are():
    assert set(cli.ROLES) == set(Role)


def test_the_first_login_is_printed_until_it_is_used(call, client, tmp_path):
    first = call("first-login")
    assert first.exit_code == 0, first.output
    login = json.loads((tmp_path / "first-login.json").read_text())
    assert login["password"] in first.stdout
    assert login["url"] in first.stdout
    assert call("first-login").stdout == first.stdout
    body = {"email": login["email"], "password": login["password"]}
    opened = client.post("/api/v1/sessions", json=body)
    assert opened.status_code == 201
    (tmp_path / "first-login.json").unlink()  # the tests' application has another home
    assert call("first-login").stdout == ""


# Work


@pytest.fixture
def work(given):
    """One job that waits and one that was given up."""

    def make() -> None:
        with transaction() as tx:
            enqueue(tx, Work.FEEDS, "kodi")
            enqueue(tx, Work.MAIL, "m")
            tx.flush()
            tx.query(Job).filter_by(subject="m").update({"dead_at": now(), "last_error": "no"})

    given.run(make)


def test_jobs_are_listed_a_json_line_each(call, work):
    lines = [json.loads(line) for line in call("jobs", "list").stdout.splitlines()]
    assert [(line["work"], line["subject"], line["state"]) for line in lines] == [
        ("feeds", "kodi", "waiting"),
        ("mail", "m", "given_up"),
    ]
    [only] = call("jobs", "list", "--given-up").stdout.splitlines()
    assert json.loads(only)["last_error"] == "no"


@pytest.mark.parametrize("by_id", [True, False])
def test_what_was_given_up_is_taken_up_again(call, work, given, by_id):
    [line] = call("jobs", "list", "--given-up").stdout.splitlines()
    words = [json.loads(line)["id"]] if by_id else ["--given-up"]
    done = call("jobs", "retry", *words)
    assert done.stderr == "1 asked for again.\n"
    assert call("jobs", "list", "--given-up").stdout == ""
    assert given.run(perform, Work.MAIL, "m", list)


def test_a_job_that_is_not_there_is_said_so(call):
    assert call("jobs", "retry").exit_code == 2
    assert call("jobs", "retry", "nonsense").exit_code == 2
    done = call("jobs", "retry", str(uuid4()))
    assert done.exit_code == 1
    assert "There is no job" in done.stderr


# What needs nothing, and what needs a database that is not there


def test_inspect_needs_no_setting_no_database_and_no_network(tmp_path):
    (tmp_path / "notes.zip").write_bytes(b"this is no archive")
    begun = time.monotonic()
    done = real("inspect", str(tmp_path / "notes.zip"), environ={"MARQUEE_HOME": str(tmp_path / "none")})
    assert done.returncode == 1, done.stderr
    [line] = done.stdout.splitlines()
    assert json.loads(line)["ok"] is False
    assert not (tmp_path / "none").exists()
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("words", [("inspect",), ("nonsense",), ("inspect", "--nonsense", "x")])
def test_wrong_usage_ends_with_2(call, words):
    assert call(*words).exit_code == 2


def test_without_settings_a_command_says_what_to_do(tmp_path):
    done = real("jobs", "list", environ={"MARQUEE_HOME": str(tmp_path)})
    assert done.returncode == 1
    assert done.stderr.startswith("Error: DATABASE_URL is not set")
    assert "make run" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [("jobs", "list"), ("migrate",), ("first-login",)])
def test_a_database_that_is_down_is_said_in_one_sentence(call, monkeypatch, words):
    monkeypatch.setenv("DATABASE_URL", "postgresql://marquee@127.0.0.1:9/marquee")
    done = call(*words)
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1] == f"Error: {cli.DATABASE_DOWN}"


def test_migrate_brings_the_database_up_and_can_be_repeated(call):
    done = call("migrate")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"The database is up to date ({head()}).\n"


def test_the_openapi_document_is_made_without_any_part_running(tmp_path):
    done = real("openapi", "-", environ={"MARQUEE_HOME": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/me" in document["paths"]
    assert list(tmp_path.iterdir()) == []


def test_every_command_has_a_sentence_of_help():
    def commands(group: click.Group):
        for command in group.commands.values():
            yield command
            if isinstance(command, click.Group):
                yield from commands(command)

    assert [c.name for c in commands(cli.main) if not (c.help or "").strip()] == []
