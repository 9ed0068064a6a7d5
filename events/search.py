"""Searching an agenda: titles, abstracts, people and organisations, accents forgiven.

All that is said of a session is searched as one text, so that two words may stand in different places
("reserves adebayo"). The configurations are made by the first migration.
"""

import datetime

from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db.models import Aggregate, Case, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from events import letters
from events.models import NAMES_ITS_PERSON, Appearance, Session, Status

LONGEST = 200  # characters of a query that are looked at


class _Together(Aggregate):
    function = "tsvector_together"
    output_field = SearchVectorField()


class _Joined(Func):
    template = "%(expressions)s"
    arg_joiner = " || "
    output_field = SearchVectorField()


def clean(query: str) -> str:
    """Return what a visitor typed as it is searched and shown: one line, letters in one form, not too long."""
    return " ".join(letters.plain(query).split())[:LONGEST]


def matching(sessions: QuerySet[Session], query: str, today: datetime.date) -> QuerySet[Session]:
    """Return those of the sessions that match.

    Quotation marks, "or" and a leading hyphen mean what they mean in web searches. People who are no
    longer named (see `Person.public_until`), who are in a cancelled session, or whose appearance is
    worded otherwise because they have no page, are not found by name.
    """
    wanted = SearchQuery(query, config="clinks", search_type="websearch")
    wanted |= SearchQuery(query, config="clinks_names", search_type="websearch")
    named = (
        Appearance.objects.filter(session=OuterRef("pk"))
        .filter(Q(person__public_until__isnull=True) | Q(person__public_until__gte=today))
        .exclude(session__status=Status.CANCELLED)
        .order_by()
        .values("session")
        .annotate(document=_Together(_names()))
        .values("document")
    )
    everything = _Joined("search", _or_nothing(Subquery(named)))
    return sessions.annotate(document=everything).filter(document=wanted)


def _names() -> _Joined:
    person = Case(When(NAMES_ITS_PERSON, then="person__search"))
    organisations = ("organisation__search", "person__organisation__search")
    searched = [_or_nothing(each) for each in (person, *organisations)]
    return _Joined(*searched, SearchVector("wording", config="clinks_names"))


def _or_nothing(expression: object) -> Coalesce:
    nothing = Func(Value(""), template="%(expressions)s::tsvector", output_field=SearchVectorField())
    return Coalesce(expression, nothing, output_field=SearchVectorField())
