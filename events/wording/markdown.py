"""Markdown that staff write → HTML that is safe to show.

markdown-it-py never passes HTML through; nh3 then keeps only the listed tags, so that a fault in
the one is caught by the other.
"""

import functools
import html

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    "p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "a", "ul", "ol", "li",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "th": {"scope"}}
SCHEMES = {"http", "https", "mailto", "tel"}

_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")


@functools.lru_cache(maxsize=512)
def render(text: str, first_level: int = 3) -> SafeString:
    """Return the text as HTML.

    `first_level` is the level (2 to 6) that its highest heading gets, so that a page never skips
    one, whatever number of # signs staff typed. Scripts, images and unknown link schemes are gone.
    """
    tokens = _parser.parse(text.replace("\0", ""))
    _set_heading_levels(tokens, first_level)
    written = _parser.renderer.render(tokens, _parser.options, {})
    return mark_safe(nh3.clean(written, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener"))


def _set_heading_levels(tokens: list[Token], first_level: int) -> None:
    """Renumber headings in place: the first is `first_level`, each deeper by at most one."""
    typed: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            while typed and typed[-1] >= level:
                typed.pop()
            typed.append(level)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(first_level + len(typed) - 1, 6)}"


def plain(text: str, limit: int = 200) -> str:
    """Return the text's words without marks, cut at a word's end to `limit` characters; for descriptions.

    It is text and not HTML: a "<" that staff typed is one, and templates escape it.
    """
    words = " ".join(html.unescape(nh3.clean(render(text), tags=set())).split())
    if len(words) <= limit:
        return words
    return words[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"


def plain_blocks(text: str) -> str:
    """Return all of the text's words without marks: paragraphs, headings, items and cells with a blank line between.

    It is text and not HTML, whole, and may hold any character.
    """
    tokens = _parser.parse(text.replace("\0", ""))
    blocks = [_words_of(token) for token in tokens if token.type in ("inline", "fence", "code_block")]
    return "\n\n".join(block for block in blocks if block)


def _words_of(token: Token) -> str:
    if token.type != "inline":
        return token.content.strip("\n")
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(breaks.get(child.type, child.content) for child in token.children or ()).strip()
