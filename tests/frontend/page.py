"""Reads rendered HTML for the tests: elements by tag, attribute and class."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "br", "hr", "img", "meta", "link", "path"}


@dataclass
class Element:
    tag: str
    attrs: dict[str, str]
    parts: list[Element | str] = field(default_factory=list)

    @property
    def id(self) -> str | None:
        return self.attrs.get("id")

    @property
    def classes(self) -> list[str]:
        return self.attrs.get("class", "").split()

    @property
    def own_text(self) -> str:
        return " ".join(part for part in self.parts if isinstance(part, str))

    @property
    def text(self) -> str:
        words = (part if isinstance(part, str) else part.text for part in self.parts)
        return " ".join(" ".join(words).split())

    def __iter__(self) -> Iterator[Element]:
        yield self
        for part in self.parts:
            if isinstance(part, Element):
                yield from part

    def all(self, test: str | Callable[[Element], bool]) -> list[Element]:
        """Elements of a tag name, of a `.class`, or that pass a test."""
        if callable(test):
            return [element for element in self if test(element)]
        if test.startswith("."):
            return [element for element in self if test[1:] in element.classes]
        return [element for element in self if element.tag == test]

    def one(self, test: str | Callable[[Element], bool]) -> Element:
        found = self.all(test)
        assert len(found) == 1, f"{len(found)} of {test}"
        return found[0]

    def by_id(self, name: str) -> Element:
        return self.one(lambda element: element.id == name)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("root", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].parts.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.open[-1].parts.append(data.strip())


def read(html: object) -> Element:
    """The tree of some HTML. Fails when tags are not closed in order."""
    reader = _Reader()
    reader.feed(str(html))
    reader.close()
    assert reader.open == [reader.root], f"left open: {[e.tag for e in reader.open[1:]]}"
    return reader.root
