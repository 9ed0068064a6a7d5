"""An address that was public leads to where its page is now; one that never was, or is used again, is forgotten."""

import pytest

from events import changes, former_slugs
from events.models import Event, FormerSlug, Organisation, Person, Session, Status
from tests.builders import (
    make_appearance,
    make_event,
    make_organisation,
    make_person,
    make_room,
    make_session,
    new_session,
    save,
)


def rename(row, slug):
    row.slug = slug
    return save(row)


def remembered():
    return set(FormerSlug.objects.values_list("slug", flat=True))


@pytest.mark.parametrize("make", [make_event, make_person, make_organisation])
def test_a_changed_address_is_remembered(db, make):
    row = make(slug="old")
    rename(row, "new")
    assert former_slugs.find(type(row), "old") == row.pk


def test_a_sessions_changed_address_is_remembered_in_its_event(event):
    session = rename(make_session(event, slug="old"), "new")
    assert former_slugs.find(Session, "old", event) == session.pk
    assert former_slugs.find(Session, "old", make_event("Other")) is None


def test_every_address_that_something_ever_had_leads_to_it(event):
    session = make_session(event, slug="one")
    for slug in ("two", "three"):
        rename(session, slug)
    assert [former_slugs.find(Session, slug, event) for slug in ("one", "two")] == [session.pk] * 2


def test_a_drafts_address_is_not_remembered(event):
    rename(make_session(event, slug="old", status=Status.DRAFT), "new")
    rename(make_event(slug="old", status=Status.DRAFT), "new")
    assert remembered() == set()


def test_the_address_of_a_session_in_a_draft_event_is_not_remembered(db):
    rename(make_session(make_event(status=Status.DRAFT), slug="old"), "new")
    assert remembered() == set()


def test_a_cancelled_sessions_address_is_remembered_because_it_was_shown(event):
    rename(make_session(event, slug="old", status=Status.CANCELLED), "new")
    assert remembered() == {"old"}


def test_the_address_that_was_public_counts_when_the_same_change_makes_it_a_draft(event):
    session = make_session(event, slug="old")
    session.status = Status.DRAFT
    rename(session, "new")
    assert remembered() == {"old"}


def test_saving_without_a_new_address_remembers_nothing(event):
    save(make_session(event, slug="old"))
    assert remembered() == set()


def test_what_has_no_address_is_no_trouble(db):
    save(make_room())
    assert remembered() == set()


def test_an_address_that_is_used_again_is_given_up(event):
    rename(make_session(event, slug="old"), "new")
    taken = make_session(event, 11, slug="old")
    assert (former_slugs.find(Session, "old", event), taken.slug) == (None, "old")


def test_a_draft_at_an_old_address_takes_it_when_it_is_published(event):
    session = rename(make_session(event, slug="old"), "new")
    draft = make_session(event, 11, slug="old", status=Status.DRAFT)
    draft.title = "Saved again"
    save(draft)
    assert former_slugs.find(Session, "old", event) == session.pk
    draft.status = Status.PUBLISHED
    save(draft)
    assert former_slugs.find(Session, "old", event) is None


def test_so_does_a_draft_event(event):
    rename(event, "new")
    draft = make_event(slug="annual-conference", status=Status.DRAFT)
    assert former_slugs.find(Event, "annual-conference") == event.pk
    draft.status = Status.CANCELLED
    save(draft)
    assert former_slugs.find(Event, "annual-conference") is None


def test_a_draft_that_leaves_an_old_address_leaves_it_to_whose_it_was(event):
    session = rename(make_session(event, slug="old"), "new")
    rename(make_session(event, 11, slug="old", status=Status.DRAFT), "other")
    assert (former_slugs.find(Session, "old", event), remembered()) == (session.pk, {"old"})


@pytest.mark.parametrize("make", [make_person, make_organisation])
@pytest.mark.parametrize("status", [Status.DRAFT, Status.CANCELLED])
def test_somebody_in_no_published_session_takes_no_old_address(event, make, status):
    known = rename(make(slug="old"), "new")
    other = make(slug="old")
    make_appearance(make_session(event, status=status), other)
    rename(other, "elsewhere")
    assert former_slugs.find(type(known), "old") == known.pk


@pytest.mark.parametrize("make", [make_person, make_organisation])
def test_somebody_in_a_published_session_does(event, make):
    rename(make(slug="old"), "new")
    other = make(slug="other")
    make_appearance(make_session(event), other)
    rename(other, "old")
    assert remembered() == {"other"}


def test_so_does_an_organisation_through_somebody_of_theirs(event):
    rename(make_organisation(slug="old"), "new")
    other = make_organisation(slug="other")
    make_appearance(make_session(event), make_person(organisation=other))
    rename(other, "old")
    assert remembered() == {"other"}


def test_what_goes_back_to_its_old_address_gives_it_up(event):
    session = make_session(event, slug="old")
    rename(session, "new")
    rename(session, "old")
    assert remembered() == {"new"}


def test_two_that_swap_addresses_have_no_old_ones(event):
    one, two = make_session(event, slug="one"), make_session(event, slug="two")
    one.slug, two.slug = "two", "one"
    save(one, two)
    assert remembered() == set()


def test_three_that_pass_their_addresses_on_leave_only_what_nobody_has(event):
    one, two, three = (make_session(event, slug=slug) for slug in ("one", "two", "three"))
    one.slug, two.slug, three.slug = "two", "three", "four"
    save(one, two, three)
    assert remembered() == {"one"}
    assert former_slugs.find(Session, "one", event) == one.pk


@pytest.mark.parametrize(("make", "model"), [(make_person, Person), (make_organisation, Organisation)])
def test_what_is_deleted_gives_up_its_old_addresses(db, make, model):
    row = rename(make(slug="old"), "new")
    changes.apply(deletes=[row])
    assert former_slugs.find(model, "old") is None


def test_a_deleted_event_takes_its_sessions_old_addresses_with_it(event):
    rename(make_session(event, slug="old"), "new")
    rename(event, "newer")
    changes.apply(deletes=[event])
    assert remembered() == set()


def test_kinds_do_not_share_their_addresses(db):
    person = rename(make_person(slug="old"), "new")
    rename(make_organisation(slug="old"), "new")
    assert former_slugs.find(Person, "old") == person.pk
    assert former_slugs.find(Event, "old") is None


def test_a_refused_change_is_not_remembered(event):
    session = make_session(event, slug="old")
    session.slug = "new"
    with pytest.raises(changes.Refused):
        save(session, new_session(event, 20))
    assert remembered() == set()


def test_addresses_never_used_lead_nowhere(event):
    assert former_slugs.find(Session, "never", event) is None
