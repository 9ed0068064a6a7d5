"""Searching an agenda: titles, abstracts, themes, people and organisations, accents and apostrophes forgiven.

All that is said of a session is searched as one text, so that two words may stand in different places
("reserves adebayo"). Each row keeps its own document (`events.models.search_documents`); what is short, and seldom
written, is made one on the way.
"""

import datetime

from django.contrib.postgres.search import SearchQuery, SearchQueryField, SearchVectorField
from django.db.models import Aggregate, BooleanField, Case, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from events import letters
from events.models import NAMES_ITS_PERSON, Appearance, Session, Status
from events.models.search_documents import names_document, texts_document
from events.search_words import Wish, typed, wishes

LONGEST = 200  # characters of a query that are looked at


class _Together(Aggregate):
    function = "tsvector_together"
    output_field = SearchVectorField()


class _Joined(Func):
    template = "%(expressions)s"
    arg_joiner = " || "
    output_field = SearchVectorField()


class _All(Func):
    template = "(%(expressions)s)"
    arg_joiner = " && "
    output_field = SearchQueryField()


class _Any(_All):
    arg_joiner = " || "


class _Not(_All):
    template = "(!! %(expressions)s)"


class _Answers(Func):
    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()


def clean(query: str) -> str:
    """Return what a visitor typed as it is searched and shown: one line, letters in one form, not too long."""
    return " ".join(letters.plain(query).split())[:LONGEST]


def matching(sessions: QuerySet[Session], query: str, today: datetime.date) -> QuerySet[Session]:
    """Return those of the sessions that match.

    The last word is found by its beginning, too. People who are no longer named (see `Person.public_until`), who are in
    a cancelled session, or whose appearance is worded otherwise because they have no page, are not found by name.
    """
    named = (
        Appearance.objects.filter(session=OuterRef("pk"))
        .filter(Q(person__public_until__isnull=True) | Q(person__public_until__gte=today))
        .exclude(session__status=Status.CANCELLED)
        .order_by()
        .values("session")
        .annotate(document=_Together(_names()))
        .values("document")
    )
    theme = texts_document("series__title", "series__theme")
    everything = _Joined("search", _or_nothing(Subquery(named)), theme)
    return sessions.alias(document=everything).filter(_Answers(F("document"), _query(query)))


def _query(query: str) -> Func:
    found = [_wished(wish) for wish in wishes(query)]
    return _Any(*found) if found else _words("", "clinks")


def _wished(wish: Wish) -> Func:
    """Stop words are ignored beside other words, as in texts, unless all of the words are a name's: “Do Thi An”."""
    found = [_Not(_Any(*_forms(words), _words(typed(words), "clinks_names"))) for words in wish.unwanted]
    if wish.wanted:
        together = [_forms(words) for words in wish.wanted]
        if wish.unfinished:
            together[-1].append(_beginning(wish.wanted[-1]))
        named = [_words(typed(words), "clinks_names") for words in wish.wanted]
        found.append(_Any(_All(*(_Any(*each) for each in together)), _All(*named)))
    return _All(*found)


def _forms(words: str) -> list[SearchQuery]:
    """What answers to these words: their stems, for texts, and themselves, for names."""
    stems = [_words(each, "clinks") for each in dict.fromkeys((words, typed(words)))]
    return [*stems, _words(typed(words), "clinks_whole")]


def _words(words: str, config: str) -> SearchQuery:
    """The words of a text, one after the other; whatever signs it holds, it is none but a text."""
    return SearchQuery(words, config=config, search_type="phrase")


def _beginning(words: str) -> SearchQuery:
    quoted = "".join(letter for letter in typed(words) if letter not in "'\\")
    return SearchQuery(f"'{quoted}':*", config="clinks_whole", search_type="raw")


def _names() -> _Joined:
    person = Case(When(NAMES_ITS_PERSON, then="person__search"))
    organisations = ("organisation__search", "person__organisation__search")
    searched = [_or_nothing(each) for each in (person, *organisations)]
    return _Joined(*searched, names_document("wording"))


def _or_nothing(expression: object) -> Coalesce:
    nothing = Func(Value(""), template="%(expressions)s::tsvector", output_field=SearchVectorField())
    return Coalesce(expression, nothing, output_field=SearchVectorField())
