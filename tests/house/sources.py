"""The program's own source, read as text and as syntax trees, for the rules about the source itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "casework"


def modules(*floors: str) -> list[Path]:
    """Return every module of the package, or of the floors named, and fail if a floor has none: a rule over nothing proves nothing."""
    found = [path for floor in floors or (".",) for path in sorted((PACKAGE / floor).rglob("*.py"))]
    if not found:
        raise LookupError(f"no module in {floors}")
    return found


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def calls(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call with the dotted name it is written with: `datetime.now`, `work.unit.commit`, `().now` for what has no name."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            yield dotted(each.func), each


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "()"
