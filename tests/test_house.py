"""The rules of the house, examined in the whole of it."""

import ast
import json
import re

import click
import pytest
from openapi_spec_validator import validate

from registry import cli, errors
from registry.settings import SERVICE_NAMES
from registry.web.access import Access
from registry.web.meanings import MEANINGS
from registry.web.problems import HTTP_CODES
from tests.asking import code_of
from tests.house import ROOT, SHIPPED, functions, imported, modules, named, source, tree

DOCS = ROOT / "docs"
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "handler"}
#: Where Flask may be known: the application, what views share, the views, and the doors to it.
KNOWS_FLASK = re.compile(
    r"registry/(app|blueprints|cli|configured|storing|database|work)\.py|registry/web/\w+\.py|workers/app\.py|"
    r"registry/\w+/(\w+_)?(api|pages|forms|bodies)(/\w+)?\.py|registry/\w+/\w*pages\w*\.py|"
    r"registry/(conveyance/(answering|delivery)|policies/answering)\.py"  # what a delivered artifact answers
)

#: The page of a release is a part of its listing's page.
SHARED_VIEWS = {("registry/releases/pages.py", "registry.listings.pages")}
#: Prose that registry.bundles.prose has sanitised, and attributes written in a template itself.
SAFE = {"about.changelog", "about.description", "extra"}


# The shape of the code


def test_no_module_has_more_than_400_lines():
    lengths = {named(path): source(path).count("\n") for path in modules(*SHIPPED, "tests")}
    assert {path: length for path, length in lengths.items() if length > 400} == {}


def test_no_function_has_more_than_50_lines():
    long = [
        f"{named(path)}: {function.name}"
        for path in modules(*SHIPPED)
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= 50
    ]
    assert long == []


def test_every_module_says_what_it_is_for():
    silent = [p for p in modules(*SHIPPED) if source(p) and not ast.get_docstring(tree(p))]
    assert [named(path) for path in silent] == []


def test_no_module_is_named_after_nothing():
    assert [named(p) for p in modules(*SHIPPED, "tests") if p.stem in FORBIDDEN_NAMES] == []


def test_importing_a_domain_imports_only_it():
    """An ``__init__`` of a domain holds a docstring and nothing else."""
    domains = [p.parent for p in (ROOT / "registry").glob("*/models.py")]
    full = [named(d / "__init__.py") for d in domains if len(tree(d / "__init__.py").body) > 1]
    assert full == []


def test_only_views_and_the_doors_to_the_application_know_flask():
    knowing = [
        named(path)
        for path in modules("registry", "workers", "storage", "licenses")
        if {m.split(".")[0] for m in imported(path)} & {"flask", "apiflask", "flask_wtf"}
    ]
    assert [path for path in knowing if not KNOWS_FLASK.fullmatch(path)] == []


def test_no_service_knows_the_web():
    services = [p for p in modules("registry") if not KNOWS_FLASK.fullmatch(named(p))]
    knowing = [
        named(path)
        for path in services
        if "schemas" not in path.stem and any(m.startswith("registry.web") for m in imported(path))
    ]
    assert knowing == []


def test_a_domain_uses_no_view_of_another():
    """A domain may use another's services and models, never its api, pages or forms."""
    wrong = []
    for path in modules("registry"):
        for module in imported(path):
            parts = module.split(".")
            if (named(path), module) in SHARED_VIEWS:
                continue
            private = len(parts) == 3 and re.fullmatch(r"(\w+_)?(api|pages|forms)", parts[-1])
            if private and parts[1] not in (path.parent.name, "web") and path.stem != "blueprints":
                wrong.append(f"{named(path)}: {module}")
    assert wrong == []


def test_nothing_is_unpacked_unpickled_or_run_through_a_shell():
    """``z.extractall()`` on an object escapes ruff's list of banned names."""
    banned = re.compile(
        r"\.extractall\(|\bpickle\.loads?\(|\bmarshal\.loads\(|shell=True|\bos\.system\(|\byaml\.load\("
    )
    found = [f"{named(p)}: {word}" for p in modules(*SHIPPED) for word in banned.findall(source(p))]
    assert found == []


def test_templates_switch_the_escaping_off_only_for_what_is_clean():
    folder = ROOT / "registry" / "templates"
    texts = {named(path): source(path) for path in folder.rglob("*.html")}
    found = {
        f"{name}: {what}"
        for name, text in texts.items()
        for what in re.findall(r"([\w.\[\]()]+)\s*\|\s*safe\b", text)
        if what not in SAFE
    }
    assert found == set()
    assert [name for name, text in texts.items() if re.search(r"autoescape\s+false", text)] == []


def test_what_can_run_is_not_mocked():
    mocking = [
        named(path)
        for path in modules("tests")
        if {"unittest.mock", "mock", "moto", "fakeredis", "pytest_mock"} & imported(path)
    ]
    assert mocking == []


# Routes


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def calls(app):
    """Each route and method, with an address that fits it."""
    filled = {"uuid": "00000000-0000-0000-0000-000000000000", "int": "1"}
    for rule in rules(app):
        path = re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda m: filled.get(m[1] or "", "x"), rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method, path


def access_of(app, rule) -> Access | None:
    return getattr(app.view_functions[rule.endpoint], "__access__", None)


def test_every_route_declares_its_access(app):
    assert [rule.rule for rule in rules(app) if access_of(app, rule) is None] == []


def test_every_closed_route_of_the_api_refuses_strangers(app, client):
    for rule, method, path in calls(app):
        if path.startswith("/api/") and access_of(app, rule) is not Access.PUBLIC:
            assert code_of(client.open(path, method=method)) == "auth.required", (method, path)


def test_every_route_of_the_api_refuses_a_token_that_is_not_valid(app, client):
    """PyPI's audit found a ban that tokens got around (TOB-PYPI26-6): who is refused is refused."""
    stranger = client.bearing("mq_p_" + "0" * 36)
    for _, method, path in calls(app):
        if path.startswith("/api/"):
            assert code_of(stranger.open(path, method=method)) == "auth.token_invalid", (method, path)


def test_every_route_of_moderators_and_admins_refuses_others(app, client, given):
    user = client.bearing(given.token(given.account()))
    moderator = client.bearing(given.token(given.moderator()))
    unscoped = client.bearing(given.token(given.admin(), "read", "upload", "manage"))
    refused = {Access.MODERATOR: (user, unscoped), Access.ADMIN: (user, moderator, unscoped)}
    for rule, method, path in calls(app):
        if path.startswith("/api/"):
            for who in refused.get(access_of(app, rule), ()):
                assert code_of(who.open(path, method=method)) == "auth.forbidden", (method, path)


def test_a_token_that_may_only_read_changes_nothing(app, client, given):
    """PyPI's audit found a POST under a permission to read (TOB-PYPI26-8)."""
    reader = client.bearing(given.token(given.admin(), "read"))
    ends_itself = {"/api/v1/sessions/current"}
    for rule, method, path in calls(app):
        closed = access_of(app, rule) is not Access.PUBLIC
        if path.startswith("/api/") and closed and method != "GET" and path not in ends_itself:
            response = reader.open(path, method=method, json={})
            assert response.status_code in {403, 404, 405, 411, 422}, (method, path, response.status_code)


def test_no_page_that_changes_something_is_taken_from_another_site(app, client, given):
    """Every form carries a token against forgery; the API asks for it when a cookie signs the call."""
    secret = given.signed_in(given.account())
    for _, method, path in calls(app):
        if method not in {"GET", "HEAD"} and not path.startswith("/feeds/"):
            browser = app.test_client()
            browser.set_cookie("marquee", secret, domain="marquee.test")
            response = browser.open(path, method=method, headers={"Accept": "application/json"})
            assert code_of(response) == "auth.csrf", (method, path)


def test_an_unknown_address_and_a_wrong_method_of_the_api_are_problems(client):
    assert code_of(client.get("/api/v1/nowhere")) == "not_found"
    wrong = client.delete("/api/v1/me/password")
    assert code_of(wrong) == "request.method"
    assert "PUT" in wrong.headers["Allow"]


# The OpenAPI document


@pytest.fixture(scope="module")
def document(app) -> dict:
    return json.loads(json.dumps(app.spec))


def test_the_openapi_document_is_valid(document):
    validate(document)


def test_every_route_of_the_api_is_in_the_document(app, document):
    wanted = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in rules(app)
        if rule.rule.startswith("/api/v1/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert wanted - described == set()


def test_every_operation_says_what_it_does_and_how_it_fails(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation.get("summary"), (method, path)
            if path.startswith("/api/"):
                assert "default" in operation["responses"], (method, path)


def test_the_committed_document_is_the_codes_own(document):
    """`make openapi` writes it; a change of the API shows in the diff."""
    committed = json.loads((DOCS / "api" / "openapi.json").read_text(encoding="utf-8"))
    for kept in (committed, document):
        kept.pop("servers", None)
    assert committed == document


# What people must be able to read about


def written(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_every_setting_is_documented():
    source = (ROOT / "registry" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|HOST|PORT)"', source)) | set(SERVICE_NAMES)
    text = written("settings.md")
    assert sorted(name for name in read if f"`{name}`" not in text) == []


def codes() -> set[str]:
    """Every code that a problem can have: those of the classes, of werkzeug, and those given in place."""
    found = set(HTTP_CODES.values()) | {"internal"}
    found |= {kind.code for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "code")}
    for path in modules("registry"):
        if "bundles" not in path.parts:
            found |= set(re.findall(r'\bcode="([a-z_]+(?:\.[a-z_]+)*)"', source(path)))
    return found - {"error"}


def test_every_code_of_a_problem_has_its_page():
    assert sorted(codes() - set(MEANINGS)) == []


def test_every_code_of_a_problem_is_documented():
    text = written("problems.md")
    assert sorted(code for code in codes() if f"| `{code}` |" not in text) == []


def commands(group: click.Group, words: str = "python -m registry"):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{words} {name}")
        else:
            yield f"{words} {name}"


def test_every_command_is_documented():
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md"))
    assert [command for command in commands(cli.main) if command not in text] == []


def test_every_word_that_a_test_may_be_marked_with_is_declared():
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    used = {mark for path in modules("tests") for mark in re.findall(r"pytest\.mark\.(\w+)", source(path))}
    own = used - {"parametrize", "usefixtures", "skipif", "skip", "xfail", "filterwarnings", "timeout"}
    assert [mark for mark in own if f'"{mark}:' not in declared] == []
