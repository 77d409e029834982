"""Help in plain words, for everybody, signed in or not: a page for each form and for each rule, made from the tables that decide."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from casework.errors import NotFound
from casework.http.pages.help_forms import LADDER, form_help
from casework.http.pages.help_laws import MEANT, WHY
from casework.http.pages.help_rules import due_with, form_facts, rules
from casework.http.pages.rendering import Asked, public_page
from casework.machines.forms import KINDS, RIGHTS
from casework.machines.parameters import Parameters


@get("/help")
async def help_page(request: Asked) -> Response[Any]:
    """Show the index: the forms by the ladder of care and by the children's rights, and the rules by the process that asks for them."""
    known = form_help()
    asked: dict[str, list[Any]] = {}
    for rule in rules().values():
        asked.setdefault(rule.steps[0].machine if rule.steps else "", []).append(rule)
    return public_page(
        request,
        "help.html",
        kinds=KINDS,
        ladder=tuple((words, tuple(code for code in KINDS if known[code].place == place)) for place, words in enumerate(LADDER)),
        rights=tuple((words, tuple(code for code in KINDS if right in known[code].rights)) for right, words in RIGHTS.items()),
        asked=asked,
        known=known,
    )


@get("/help/forms/{code:str}")
async def help_form_page(request: Asked, code: FromPath[str]) -> Response[Any]:
    """Explain one form. Raises NotFound."""
    if code not in KINDS:
        raise NotFound("form")
    settings = request.app.state.get("settings")
    due = tuple(due_with(code, settings.parameters if settings else Parameters()))
    return public_page(request, "help_form.html", form=form_facts(code), due=due, kinds=KINDS, rights=RIGHTS, why=WHY, meant=MEANT)


@get("/help/rules/{code:str}")
async def help_rule_page(request: Asked, code: FromPath[str]) -> Response[Any]:
    """Explain one rule. Raises NotFound."""
    rule = rules().get(code)
    if rule is None:
        raise NotFound("rule")
    return public_page(request, "help_rule.html", rule=rule, kinds=KINDS, why=WHY, meant=MEANT)
