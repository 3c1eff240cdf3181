"""Reads charts for the tests: their drawings as XML, their tables as rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from frontend.components import Component
from tests.frontend.page import Element, read

SVG = "{http://www.w3.org/2000/svg}"

Pair = tuple[float, float]


def drawing(component: Component) -> ElementTree.Element:
    """The SVG as a parser of XML reads it."""
    found = re.search(r"<svg.*?</svg>", str(component), re.DOTALL)
    assert found is not None
    return ElementTree.fromstring(found.group())


def paths(svg: ElementTree.Element, kind: str) -> list[list[Pair]]:
    """The points of each path of a class in the plot, not in the key."""
    found = []
    for element in svg.iter(f"{SVG}path"):
        classes = element.attrib["class"].split()
        if kind in classes and "app-chart__sample" not in classes:
            found.append(list(coordinates(element.attrib["d"])))
    return found


def coordinates(path: str) -> Iterator[Pair]:
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", path)]
    return zip(numbers[::2], numbers[1::2], strict=True)


def middle(corners: list[Pair]) -> Pair:
    across, down = zip(*corners, strict=True)
    return (min(across) + max(across)) / 2, (min(down) + max(down)) / 2


def foot(svg: ElementTree.Element) -> float:
    """How far down the zero of a chart over time is."""
    return paths(svg, "app-chart__foot")[0][0][1]


def texts(svg: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in svg.iter(f"{SVG}text")]


def cells(component: Component) -> list[list[str]]:
    """The rows of the table as a reader gets them, without the labels for phones."""
    return [
        [shown(cell) for cell in row.parts if isinstance(cell, Element)]
        for row in read(component).all("tr")[1:]
    ]


def shown(cell: Element) -> str:
    return cell.all(lambda e: e.tag == "span" and "nhsuk-table__heading" not in e.classes)[0].text
