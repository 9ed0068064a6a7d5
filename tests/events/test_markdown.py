"""Markdown that staff write is shown as they meant it, and whatever they paste is inert."""

import re
from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from events.wording.markdown import SCHEMES, TAGS, plain, render


class Reader(HTMLParser):
    """Reads HTML as a browser does: every tag with its attributes."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def is_inert(html):
    """Whether it holds listed tags only, no handler, no style, and no link but to the listed schemes."""
    read = Reader(html)
    schemes = {value.split(":")[0].lower() for _, name, value in read.attributes if name == "href" and ":" in value}
    names = {name for _, name, _ in read.attributes}
    return set(read.tags) <= TAGS and names <= {"href", "rel", "start", "scope", "title"} and schemes <= SCHEMES


HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "![a picture](https://evil.example/x.png)",
    "![a picture](javascript:alert(1))",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](vbscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](data:image/png;base64,AAAA)",
    "[x](file:///etc/passwd)",
    "[x](ftp://evil.example/x)",
    "[x](magnet:?xt=x)",
    "<javascript:alert(1)>",
    "[x][b]\n\n[b]: javascript:alert(1)",
    '[x](https://a.example "\\" onmouseover=\\"alert(1)")',
    '[x](https://a.example" onclick="alert(1))',
    '<a href="https://a.example" onclick="alert(1)">x</a>',
    "<p style='position:fixed'>x</p>",
    "<iframe src=https://evil.example></iframe>",
    "<svg/onload=alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<!-- --!><script>alert(1)</script>",
    "<form action=https://evil.example><input name=password>",
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content=0>",
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "`<script>alert(1)</script>`",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "|<script>|\n|-|\n|<img onerror=x>|",
    "# <script>alert(1)</script>",
    "\0<scr\0ipt>alert(1)</script>",
    "\u202e<script>alert(1)</script>",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("level", [2, 3])
def test_hostile_text_is_inert(text, level):
    html = render(text, level)
    assert is_inert(html)
    assert not re.search(r"<(script|img|iframe|svg|style|form|base|meta)", html)


@pytest.mark.parametrize("html", ["<script>x</script>", "<p onclick=x>y", "<a href='javascript:x'>y", "<img src=x>"])
def test_the_check_itself_sees_what_is_not_inert(html):
    assert not is_inert(html)


def test_without_both_cleaners_the_same_texts_are_not_inert_and_the_second_alone_would_do():
    let_through = MarkdownIt("commonmark", {"html": True}).render("\n\n".join(HOSTILE))
    assert not is_inert(let_through)
    assert is_inert(nh3.clean(let_through, tags=TAGS, url_schemes=SCHEMES))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Some *emphasis*, **weight**, `code` and ~~regret~~.",
         "<p>Some <em>emphasis</em>, <strong>weight</strong>, <code>code</code> and <s>regret</s>.</p>"),
        ("[Clinks](https://www.clinks.org)", '<p><a href="https://www.clinks.org" rel="noopener">Clinks</a></p>'),
        ("[write](mailto:a@b.org)", '<p><a href="mailto:a@b.org" rel="noopener">write</a></p>'),
        ("[ring](tel:+442079460958)", '<p><a href="tel:+442079460958" rel="noopener">ring</a></p>'),
        ("[terms](/terms-of-booking/)", '<p><a href="/terms-of-booking/" rel="noopener">terms</a></p>'),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("3. three\n4. four", '<ol start="3">\n<li>three</li>\n<li>four</li>\n</ol>'),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ("one  \ntwo", "<p>one<br>\ntwo</p>"),
        ("Write <b>bold</b> so", "<p>Write &lt;b&gt;bold&lt;/b&gt; so</p>"),
        ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>"),
        ("Ọlájùmọ̀kẹ́ & Gruffŷdd أمل 🧵", "<p>Ọlájùmọ̀kẹ́ &amp; Gruffŷdd أمل 🧵</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_staff_mean_is_shown(text, html):
    assert render(text).strip() == html


def test_a_table_keeps_its_cells():
    assert Reader(render("|a|b|\n|-|:-:|\n|1|2|")).tags == "table thead tr th th tbody tr td td".split()


def headings(text, level):
    return [int(tag[1]) for tag in Reader(render(text, level)).tags if re.fullmatch("h[1-6]", tag)]


@pytest.mark.parametrize(
    ("text", "level", "levels"),
    [
        ("# a\n## b\n### c", 3, [3, 4, 5]),
        ("### a\n# b", 2, [2, 2]),
        ("# a\n#### b\n## c", 3, [3, 4, 4]),
        ("## a\n## b", 2, [2, 2]),
        ("# a\n## b\n### c\n#### d\n##### e\n###### f", 3, [3, 4, 5, 6, 6, 6]),
        ("a\n=\nb\n-", 3, [3, 4]),
        ("> # a\n\n- ### b", 3, [3, 4]),
        ("no heading", 3, []),
    ],
)
def test_headings_start_at_the_pages_level_and_skip_none(text, level, levels):
    assert headings(text, level) == levels


@given(st.lists(st.integers(1, 6), max_size=12), st.integers(2, 6))
def test_whatever_headings_are_typed_none_is_skipped(typed, level):
    found = headings("\n\n".join(f"{'#' * number} x" for number in typed), level)
    assert len(found) == len(typed) and all(level <= each <= 6 for each in found)
    assert all(deeper - before <= 1 for before, deeper in zip([level, *found], found, strict=False))
    assert found[:1] == [level][: len(found)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# Why\n\nBecause *we* [care](https://a.example).", "Why Because we care."),
        ("Tom & Jerry’s “<3”", "Tom & Jerry’s “<3”"),
        ("- one\n- two", "one two"),
        ("|a|b|\n|-|-|\n|1|2|", "a b 1 2"),
        ("a  \nb\n\nc", "a b c"),
        ("", ""),
    ],
)
def test_plain_words_have_no_marks_and_no_entities(text, words):
    assert plain(text) == words


def test_plain_words_are_cut_at_a_words_end():
    assert plain("one two, three four", 12) == "one two…"
    assert plain("one two, three", 14) == "one two, three"


pieces = st.sampled_from(
    [*HOSTILE, "<", ">", '"', "'", "&", "#", "*", "_", "`", "[", "]", "(", ")", "!", "\\", "\n", "|", "-", "> ", "on"]
)
texts = st.lists(st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), pieces), max_size=12)


@given(texts.map("".join))
def test_no_text_whatever_leads_to_a_tag_outside_the_list(text):
    assert is_inert(render(text))


@given(texts.map("".join), st.integers(2, 250))
def test_plain_words_never_pass_their_limit(text, limit):
    words = plain(text, limit)
    assert len(words) <= limit and words == words.strip()
