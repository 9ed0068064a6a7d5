"""Reading a page as a visitor does: its headings, words and links.

`read(client.get(address))` returns a `Page`. Paths are those of `xml.etree`: `page.texts(".//h3")`.
"""

import json
import re
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from django.http import HttpResponse


def words(element: Element) -> str:
    """Return the words in an element on one line, as they are read out."""
    together = " ".join(" ".join(element.itertext()).split())
    return re.sub(r"\s+([,.;:?!)”])", r"\1", together)


class Page:
    """One answer of the site, parsed as a browser parses it."""

    def __init__(self, response: HttpResponse) -> None:
        self.response, self.status = response, response.status_code
        self.source = response.content.decode()

    @cached_property
    def _parsed(self) -> tuple[Element, list[str]]:
        """The tree and the faults of its markup: made when they are asked for, because making them takes its time."""
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        return parser.parse(self.source), [code for _, code, _ in parser.errors]

    @property
    def tree(self) -> Element:
        """What a browser would make of it."""
        return self._parsed[0]

    @property
    def faults(self) -> list[str]:
        """What is wrong with its markup."""
        return self._parsed[1]

    def all(self, path: str) -> list[Element]:
        """Return the elements at a path."""
        return self.tree.findall(path)

    def classed(self, name: str, tag: str = "*") -> list[Element]:
        """Return the elements of a class."""
        return [each for each in self.all(f".//{tag}[@class]") if name in each.get("class").split()]

    def texts(self, path: str) -> list[str]:
        """Return the words of each element at a path."""
        return [words(each) for each in self.all(path)]

    @property
    def title(self) -> str:
        """The words of its title element."""
        return words(self.tree.find("./head/title"))

    @property
    def main(self) -> str:
        """The words of its main part."""
        return words(self.tree.find(".//main"))

    @property
    def words(self) -> str:
        """All of its words, frame included."""
        return words(self.tree.find("./body"))

    @property
    def headings(self) -> list[tuple[int, str]]:
        """Level and words of each heading, in order."""
        found = [each for each in self.tree.iter() if re.fullmatch("h[1-6]", str(each.tag))]
        return [(int(each.tag[1]), words(each)) for each in found]

    @property
    def links(self) -> list[tuple[str, str]]:
        """Words and address of each link."""
        return [(words(each), each.get("href")) for each in self.all(".//a[@href]")]

    def link(self, said: str) -> str:
        """Return where the first link of these words leads; AssertionError if there is none."""
        found = [href for text, href in self.links if text == said]
        assert found, f"no link says {said!r}: {[text for text, _ in self.links]}"
        return found[0]

    def beside(self, term: str) -> str:
        """Return what a description list says beside a term."""
        pairs = [(words(each.find("dt")), words(each.find("dd"))) for each in self.all(".//dl/div")]
        found = [said for name, said in pairs if name == term]
        assert found, f"nothing stands beside {term!r}: {pairs}"
        return found[0]

    def named(self, name: str) -> str | None:
        """Return what a `<meta name>` or `<meta property>` says, or None."""
        found = [each for each in self.all(".//meta") if name in (each.get("name"), each.get("property"))]
        return found[0].get("content") if found else None

    @property
    def canonical(self) -> str | None:
        """The address that it says is its own."""
        found = self.tree.find(".//link[@rel='canonical']")
        return None if found is None else found.get("href")

    @property
    def is_kept_from_search_engines(self) -> bool:
        """Whether it asks not to be listed."""
        return "noindex" in (self.named("robots") or "")

    @property
    def schema(self) -> Any:
        """Its schema.org data, parsed; None if it has none."""
        found = self.all(".//script[@type='application/ld+json']")
        return json.loads("".join(found[0].itertext())) if found else None


def read(response: HttpResponse) -> Page:
    """Return the answer as a page."""
    return Page(response)
