"""Reading a page as a browser does: its text, links, and forms with every field as it would be sent."""

import re
from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """One page. `forms` holds (action, fields) in order; `labelled` and `asked` the ids that labels and controls name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.source = text
        self.words: list[str] = []
        self.links: list[str] = []
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self.labelled: set[str] = set()
        self.unlabelled: list[str] = []
        self.ids: list[str] = []
        self.inline: list[str] = []
        self.open: list[str] = []
        self._asked: list[tuple[str, str]] = []
        self._select: str | None = None
        self._option: tuple[str, bool] | None = None
        self._first: str | None = None
        self._area: str | None = None
        self.feed(text)
        self.unlabelled = [name for name, control in self._asked if control not in self.labelled]

    @property
    def text(self) -> str:
        """What the page says, in one line."""
        return re.sub(r"\s+", " ", " ".join(self.words))

    def form(self, action: str, nth: int = 0) -> tuple[str, list[tuple[str, str]]]:
        """Return the form posted to an address that ends so."""
        return [form for form in self.forms if form[0].endswith(action)][nth]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.inline += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.inline += [tag] if tag == "style" or (tag == "script" and not given.get("src", "").startswith("/static/")) else []
        self.ids += [given["id"]] if "id" in given else []
        inside_label = "label" in self.open
        if tag not in _VOID:
            self.open.append(tag)
        match tag:
            case "a":
                self.links.append(given.get("href", ""))
            case "form":
                self.forms.append((given.get("action", ""), []))
            case "label" if "for" in given:
                self.labelled.add(given["for"])
            case "input" | "select" | "textarea":
                self._control(tag, given, inside_label=inside_label)
            case "option":
                self._option = (given.get("value", ""), "selected" in given)

    def _control(self, tag: str, given: dict[str, str], *, inside_label: bool) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if kind not in {"hidden", "submit"} and not inside_label:
            self._asked.append((name, given.get("id", "")))
        if tag == "select":
            self._select, self._first = name, None
        elif tag == "textarea":
            self._area = name
            self._fields.append((name, ""))
        elif kind not in {"radio", "checkbox"} or "checked" in given:
            self._fields.append((name, given.get("value", "")))

    @property
    def _fields(self) -> list[tuple[str, str]]:
        return self.forms[-1][1] if self.forms else []

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass
        if tag == "textarea":
            self._area = None
        elif tag == "option" and self._option and self._select is not None:
            value, selected = self._option
            if selected:
                self._fields[:] = [field for field in self._fields if field[0] != self._select]
                self._fields.append((self._select, value))
                self._first = value
            elif self._first is None:
                self._fields.append((self._select, value))
                self._first = value
            self._option = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None and self._fields:
            name, value = self._fields[-1]
            self._fields[-1] = (name, (value + data).removeprefix("\n") if not value else value + data)
        elif self.open and self.open[-1] != "title":
            self.words.append(data)
