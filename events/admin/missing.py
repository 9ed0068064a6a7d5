"""What a session still lacks before visitors can decide to come: said in the list, and looked for by the filter."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from events.models import Access, Appearance, Kind, Role, Session

ROOM_FACTS = ("step_free", "hearing_loop")
SESSION_FACTS = ("bsl", "live_captions")


def missing(session: Session) -> list[str]:
    """Return what it lacks, in words; a break needs no more than a name.

    Reads the session's room and its prefetched appearances.
    """
    if session.kind == Kind.BREAK:
        return [] if session.title or session.label else ["no title"]
    lacks = {
        "no title": not session.title,
        "no room": session.room is None,
        "no facilitator" if session.kind == Kind.WORKSHOP else "nobody named": not _has_its_people(session),
        "access not confirmed": not _access_is_known(session),
    }
    return [words for words, lacking in lacks.items() if lacking]


def _has_its_people(session: Session) -> bool:
    roles = {appearance.role for appearance in session.appearances.all()}
    return Role.FACILITATOR in roles if session.kind == Kind.WORKSHOP else bool(roles)


def _access_is_known(session: Session) -> bool:
    facts = [getattr(session, name) for name in SESSION_FACTS]
    facts += [getattr(session.room, name) for name in ROOM_FACTS if session.room]
    return Access.UNKNOWN not in facts


LACKING = {"title": "A title", "room": "A room", "people": "Its people", "access": "Facts about access"}


def lacking(what: str, sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Return those of these sessions that lack this, a key of `LACKING`: the same rule, asked of the database."""
    if what == "title":
        return sessions.filter(title="").exclude(kind=Kind.BREAK, label__gt="")
    rest = sessions.exclude(kind=Kind.BREAK)
    if what == "room":
        return rest.filter(room=None)
    if what == "people":
        here = Appearance.objects.filter(session=OuterRef("pk"))
        return rest.exclude(Exists(here.filter(role=Role.FACILITATOR)), kind=Kind.WORKSHOP).exclude(
            Exists(here), ~Q(kind=Kind.WORKSHOP)
        )
    names = [*SESSION_FACTS, *(f"room__{name}" for name in ROOM_FACTS)]
    return rest.filter(Q(*((name, Access.UNKNOWN) for name in names), _connector=Q.OR))
