"""People and organisations of an event: lists, and one."""

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseGone

from events import former_slugs, programme
from events.models import Organisation, Person
from events.page import render_page
from events.showing import Showing
from events.views.access import moved_within
from events.views.event import page_of
from events.wording import markdown

PER_PAGE = 60


def person_list(request: HttpRequest, showing: Showing) -> HttpResponse:
    """List everybody in the event by name."""
    return _list(request, showing, "people", "People", programme.people(showing))


def organisation_list(request: HttpRequest, showing: Showing) -> HttpResponse:
    """List the organisations in the event by name."""
    return _list(request, showing, "organisations", "Organisations", programme.organisations(showing))


def _list(request: HttpRequest, showing: Showing, section: str, heading: str, rows: QuerySet) -> HttpResponse:
    page = page_of(Paginator(rows, PER_PAGE), request.GET.get("page"))
    own = getattr(showing.addresses, section)
    template = {"people": "events/person_list.html", "organisations": "events/organisation_list.html"}[section]
    more = f", page {page.number}" if page.number > 1 else ""
    return render_page(
        request, template, showing,
        heading=heading + more, address=own + (f"?page={page.number}" if more else ""), section=section,
        description=f"{heading} in {showing.event.title}, by name.", page=page, total=page.paginator.count,
    )  # fmt: skip


def person_detail(request: HttpRequest, showing: Showing, person: str) -> HttpResponse:
    """Show one person with their sessions; 410 from the day after the one until which they wished to be shown."""
    shown = programme.people(showing).filter(slug=person, has_page=True).first()
    if shown is None:
        former = former_slugs.find(Person, person)
        if programme.people_gone(showing).filter(Q(slug=person) | Q(pk=former)).exists():
            return HttpResponseGone()
        rows = programme.people(showing).filter(has_page=True, pk=former)
        return moved_within(request, _address_of(showing, rows))
    mine = [appearance.session_id for appearance in shown.appearances_here]
    return render_page(
        request, "events/person_detail.html", showing,
        heading=shown.name, address=showing.addresses.person(shown), section="people",
        description=markdown.plain(shown.biography, 160) or f"{shown.name} at {showing.event.title}.",
        noindex=not shown.searchable, person=shown, sessions=list(programme.sessions(showing).filter(pk__in=mine)),
    )  # fmt: skip


def organisation_detail(request: HttpRequest, showing: Showing, organisation: str) -> HttpResponse:
    """Show one organisation with its people and sessions."""
    shown = programme.organisations(showing).filter(slug=organisation).first()
    if shown is None:
        rows = programme.organisations(showing).filter(pk=former_slugs.find(Organisation, organisation))
        return moved_within(request, _address_of(showing, rows))
    return render_page(
        request, "events/organisation_detail.html", showing,
        heading=shown.name, address=showing.addresses.organisation(shown), section="organisations",
        description=markdown.plain(shown.description, 160) or f"{shown.name} at {showing.event.title}.",
        organisation=shown, people=list(programme.people(showing).filter(organisation=shown)),
        sessions=list(programme.sessions_of_organisation(showing, shown)),
    )  # fmt: skip


def _address_of(showing: Showing, rows: QuerySet) -> str | None:
    moved = rows.first()
    return showing.addresses.of(moved) if moved else None
