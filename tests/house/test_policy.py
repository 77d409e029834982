"""docs/policy.md is the table that is enforced; its vocabularies are closed; no service and no page decides by a role's name."""

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner

from casework.cli import main
from casework.commands.rights import page
from casework.machines import policy
from casework.machines.forms import KINDS
from casework.machines.policy import ACTIONS, CAPACITIES, RELATIONS, ROWS, VERDICTS, Action
from casework.machines.policy.terms import ACTION_WORDS
from casework.machines.roles import ACCOUNT_ROLES
from tests.house.sources import PACKAGE, ROOT, modules, tree

TOLD = frozenset({"role", "who"})
"""Keywords that say in which role something was done, or who can mend it: they decide nothing."""
NAMED = {
    "services/cases.py": "to whom a case can be given: a social worker",
    "services/delivery.py": "to whom a letter goes: the table of urgent things names the roles",
    "services/desk.py": "the desk of a receiver is this role's own: its step and its signature are told as such",
    "services/migrations.py": "a passing into a newer version is told as the administrator's who ran it",
    "http/api/delegations.py": "the example of a body: which role is given on",
    "services/choices.py": "who signed on paper, as a form asks for it: not an account",
}
"""Modules that may name a role, and why."""


def names_of_roles(module: ast.Module) -> list[int]:
    """Return the lines that name a role, but for what only tells one."""
    told = {id(part) for node in ast.walk(module) if isinstance(node, ast.keyword) and node.arg in TOLD for part in ast.walk(node.value)}
    spoken = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and node.value in CAPACITIES and id(node) not in told | spoken
    ]


@pytest.mark.parametrize("path", modules("services", "http"), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_service_and_no_page_decides_by_the_name_of_a_role(path: Path) -> None:
    if path.relative_to(PACKAGE).as_posix() not in NAMED:
        assert names_of_roles(tree(path)) == []


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("http/pages/templates/*.html")), ids=lambda path: path.name)
def test_no_template_names_a_role(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [role for role in CAPACITIES if f"'{role}'" in text or f'"{role}"' in text] == []


def test_no_exception_is_left_over() -> None:
    assert [name for name in NAMED if not names_of_roles(tree(PACKAGE / name))] == []


def test_the_rule_about_names_of_roles_can_fail() -> None:
    assert names_of_roles(ast.parse("x = who.holds('auditor')")) == [1]
    assert names_of_roles(ast.parse("append(role='auditor')")) == []


def test_the_page_about_rights_is_current() -> None:
    """Where this fails: `casework check --policy > docs/policy.md`."""
    assert (ROOT / "docs" / "policy.md").read_text(encoding="utf-8") == page()


def test_the_page_is_what_the_command_prints() -> None:
    assert CliRunner().invoke(main, ["check", "--policy"], catch_exceptions=False).stdout == page()


def test_every_vocabulary_is_closed_and_used() -> None:
    assert {action for row in ROWS for action in row.may} == {*ACTIONS} == {*ACTION_WORDS}
    assert {one for row in ROWS for one in row.who} == {*CAPACITIES}
    assert {known.role for known in CAPACITIES.values() if known.relation != "glass"} == ACCOUNT_ROLES
    assert {known.relation for known in CAPACITIES.values()} | {"none"} == {*RELATIONS}
    assert {row.verdict for row in ROWS} == {*VERDICTS}
    assert len({row.code for row in ROWS}) == len(ROWS)


def test_every_row_has_its_source_and_says_something() -> None:
    assert [row.code for row in ROWS if not (row.source and row.why.id and row.why.en)] == []
    dead = [
        row.code for row in ROWS if not any(policy.rule(who, do, of).rule == row.code for who in row.who for do in row.may for of in row.of)
    ]
    assert dead == []


def test_nobody_without_a_relation_may_do_anything() -> None:
    assert {policy.verdict(role, action) for role in ACCOUNT_ROLES for action in ACTIONS} == {"deny"}


def test_what_domain_4_forbids_is_denied() -> None:
    content: tuple[Action, ...] = ("find", "open_case", "open_record", "read_trail", "decide")
    assert not any(policy.may(("admin",), action) for action in content)
    writing: tuple[Action, ...] = ("sign", "decide", "assign", "verify", "attach", "advance", "register", "complete_task")
    assert not any(policy.may(("auditor",), action, of) for action in writing for of in ("*", *KINDS))
    assert not any(policy.may((one,), "open_record", "F17") for one in ("lksa_head", "lksa_staff", "auditor"))
    assert not policy.may(("lksa_head",), "decide")
    assert not any(policy.may((one,), "decide") for one in ("tksk", "psm", "social_worker", "social_worker_on_duty"))
    assert not policy.may(("tksk", "psm"), "sign", "F04")


def test_another_rule_is_another_digest_and_other_words_are_not() -> None:
    assert policy.digest_of(ROWS) == policy.DIGEST
    assert policy.digest_of(ROWS[1:]) != policy.DIGEST
