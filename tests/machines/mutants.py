"""Every way of forgetting one clause of a guard: mutants of its source, compiled in memory and put in place of its code.

A mutant drops an operand of `and`/`or`, a comprehension's `if`, an `if` statement, a `match` case, a yielded clause or a `not` (that of
`not in` too), shifts a boundary (`<=` to `<`), or leaves out one element of a table that a guard reads.
"""

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

SHIFTED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {ast.LtE: ast.Lt, ast.Lt: ast.LtE, ast.GtE: ast.Gt, ast.Gt: ast.GtE}


class Mutant(NamedTuple):
    """One function with one clause changed."""

    function: FunctionType
    change: str
    code: CodeType

    @contextmanager
    def in_place(self) -> Iterator[None]:
        sound = self.function.__code__
        _put(self.function, self.code)
        try:
            yield
        finally:
            _put(self.function, sound)


def _put(function: Any, code: CodeType) -> None:
    function.__code__ = code


class Gap(NamedTuple):
    """One table with one element left out, under every name that a guard module knows it by."""

    name: str
    change: str
    sound: Any
    short: Any
    modules: tuple[ModuleType, ...]

    @contextmanager
    def in_place(self) -> Iterator[None]:
        places = [(module, name) for module in self.modules for name, value in vars(module).items() if value is self.sound]
        for module, name in places:
            setattr(module, name, self.short)
        try:
            yield
        finally:
            for module, name in places:
                setattr(module, name, self.sound)


def mutants_of(function: FunctionType) -> Iterator[Mutant]:
    """Yield every mutant of a module-level function."""
    source = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    if not isinstance(source, ast.FunctionDef):
        raise TypeError(function.__name__)
    source.decorator_list = []
    source.body = source.body[1:] if ast.get_docstring(source) else source.body
    for place, node in enumerate(ast.walk(source)):
        for change, edit in _edits(node):
            changed = copy.deepcopy(source)
            target = next(each for number, each in enumerate(ast.walk(changed)) if number == place)
            _apply(changed, target, edit(target))
            yield Mutant(function, change, _compiled(changed, function))


def gaps_of(name: str, table: Any, modules: tuple[ModuleType, ...]) -> Iterator[Gap]:
    """Yield a table with each of its elements left out in turn; the values of a table of tuples count as tables."""
    if isinstance(table, dict):
        for key, value in table.items():
            yield Gap(name, f"without {key!r}", table, {other: table[other] for other in table if other != key}, modules)
            for part in value if isinstance(value, tuple) else ():
                shorter = {**table, key: tuple(other for other in value if other is not part)}
                yield Gap(name, f"{key!r} without {part!r}", table, shorter, modules)
    else:
        for part in table:
            yield Gap(
                name, f"without {getattr(part, 'code', part)!r}", table, type(table)(other for other in table if other is not part), modules
            )


Edit = Callable[[Any], ast.AST]


def _edits(node: ast.AST) -> Iterator[tuple[str, Edit]]:
    match node:
        case ast.BoolOp():
            for place, operand in enumerate(node.values):
                yield f"without `{ast.unparse(operand)}`", partial(_without, place)
        case ast.comprehension():
            for place, condition in enumerate(node.ifs):
                yield f"without `if {ast.unparse(condition)}`", partial(_unfiltered, place)
        case ast.If():
            yield f"without `if {ast.unparse(node.test)}`", lambda target: ast.If(ast.Constant(value=False), target.body, target.orelse)
            yield f"always `if {ast.unparse(node.test)}`", lambda target: ast.If(ast.Constant(value=True), target.body, target.orelse)
        case ast.IfExp():
            yield f"always `{ast.unparse(node.body)}`", lambda target: target.body
            yield f"always `{ast.unparse(node.orelse)}`", lambda target: target.orelse
        case ast.UnaryOp(op=ast.Not()) | ast.Compare(ops=[ast.NotIn()]):
            yield f"without not: `{ast.unparse(node)}`", _affirmed
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
            yield f"without `{ast.unparse(node)}`", lambda target: ast.If(ast.Constant(value=False), [target], [])
        case ast.Match():
            for place, each in enumerate(node.cases[:-1] if _catches_all(node.cases[-1]) else node.cases):
                yield f"without `case {ast.unparse(each.pattern)}`", partial(_caseless, place)
        case ast.Compare(ops=[op]) if type(op) in SHIFTED:
            yield (
                f"boundary of `{ast.unparse(node)}`",
                lambda target: ast.Compare(target.left, [SHIFTED[type(target.ops[0])]()], target.comparators),
            )
        case _:
            return


def _catches_all(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None


def _affirmed(target: ast.UnaryOp | ast.Compare) -> ast.AST:
    return target.operand if isinstance(target, ast.UnaryOp) else ast.Compare(target.left, [ast.In()], target.comparators)


def _without(place: int, target: ast.BoolOp) -> ast.AST:
    rest = [value for number, value in enumerate(target.values) if number != place]
    return rest[0] if len(rest) == 1 else ast.BoolOp(target.op, rest)


def _unfiltered(place: int, target: ast.comprehension) -> ast.AST:
    rest = [condition for number, condition in enumerate(target.ifs) if number != place]
    return ast.comprehension(target.target, target.iter, rest, target.is_async)


def _caseless(place: int, target: ast.Match) -> ast.AST:
    rest = [case for number, case in enumerate(target.cases) if number != place]
    return ast.Match(target.subject, rest) if rest else ast.Pass()


def _apply(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, field, new)
                return
            if isinstance(value, list) and any(each is old for each in value):
                setattr(parent, field, [new if each is old else each for each in value])
                return
    raise LookupError(ast.dump(old))


def _compiled(source: ast.FunctionDef, function: FunctionType) -> CodeType:
    module = ast.fix_missing_locations(ast.Module([source], []))
    outer = compile(module, f"<mutant of {function.__name__}>", "exec", flags=0, dont_inherit=True)
    return next(constant for constant in outer.co_consts if isinstance(constant, CodeType) and constant.co_name == function.__name__)
