"""Every save of the admin is one change: refused in words beside the field, or all of it saved."""

import pytest

from events.models import Appearance, Event, Room, Series, Session, Status
from events.models.clash_reasons import SAY_WHY
from tests import admin_pages
from tests.admin_pages import form_of, new_row, of, post, row_of, words
from tests.builders import DAY, make_event, make_person, make_room, make_session, make_venue, make_workshop, save

pytestmark = pytest.mark.django_db


def at(hour, day=DAY):
    """What the browser's control sends for that hour."""
    return f"{day}T{hour:02}:00"


def rows_of_event(client, programme):
    """The prefixes of the sessions in the event's form: of the panel, of 1A and of 1B."""
    data = form_of(client.get(of(programme.panel.event)))
    return [row_of(data, "sessions", each) for each in (programme.panel, programme.first, programme.second)]


def test_a_room_clash_is_named_beside_the_room_and_nothing_typed_is_lost(admin_client, programme):
    typed = {"room": programme.upper.pk, "title": "Typed just now", "abstract": "And *this*"}
    response = post(admin_client, of(programme.second), **typed)
    assert response.status_code == 422
    [sentence] = response.context_data["adminform"].form.errors["room"]
    assert sentence == "Upper Hall already has “1A: Reserves and rest” from 11am to midday."
    assert form_of(response)["title"] == "Typed just now"
    assert form_of(response)["abstract"] == "And *this*"
    assert Session.objects.get(pk=programme.second.pk).title == "Art inside"


def test_a_long_page_says_at_its_top_what_is_wrong_and_leads_there(admin_client, programme):
    _, _, second = rows_of_event(admin_client, programme)
    response = post(admin_client, of(programme.event), title="", **{f"{second}-room": ""}, **{f"{second}-series": ""})
    links = [(fault.anchor, fault.sentence) for fault in response.context_data["faults"]]
    assert links == [
        ("id_title", "This field is required."),
        (f"id_{second}-series", "A workshop belongs to a series: choose one."),
    ]
    assert f'<a href="#id_{second}-series">Art inside, Series:</a>' in response.content.decode()


def test_a_clash_with_a_reason_is_saved(admin_client, programme):
    response = post(admin_client, of(programme.second), room=programme.upper.pk, clash_reason="One hall, two corners")
    assert response.status_code == 302
    assert Session.objects.get(pk=programme.second.pk).room == programme.upper


@pytest.mark.parametrize("reason", ["?", "…", "2"])
def test_a_reason_that_is_no_words_is_refused_beside_it(admin_client, programme, reason):
    response = post(admin_client, of(programme.second), room=programme.upper.pk, clash_reason=reason)
    assert response.context_data["adminform"].form.errors == {"clash_reason": [SAY_WHY]}


def test_a_person_in_two_sessions_at_once_is_named_beside_the_person(admin_client, programme):
    address = of(programme.second)
    data = form_of(admin_client.get(address))
    data |= new_row(data, "appearances", person=programme.person.pk, role="facilitator")
    response = admin_client.post(address, data)
    assert response.status_code == 422
    assert "Ọlájùmọ̀kẹ́ Adé is already in “1A: Reserves and rest” from 11am to midday." in words(response)
    assert "person" in response.context_data["inline_admin_formsets"][0].formset.errors[1]


def test_moving_a_session_onto_its_chairs_other_one_is_refused_at_the_chairs_row(admin_client, programme):
    response = post(admin_client, of(programme.panel), starts=at(11), ends=at(12), room="")
    assert response.status_code == 422
    assert "person" in response.context_data["inline_admin_formsets"][0].formset.errors[0]


def test_on_the_events_page_that_is_said_at_the_sessions_row(admin_client, programme):
    panel, _, _ = rows_of_event(admin_client, programme)
    moved = {f"{panel}-starts": at(11), f"{panel}-ends": at(12), f"{panel}-room": ""}
    response = post(admin_client, of(programme.panel.event), **moved)
    assert response.status_code == 422
    assert "is already in" in str(response.context_data["inline_admin_formsets"][1].formset.errors[0])


def test_two_sessions_swap_rooms_and_codes_in_one_save(admin_client, programme):
    _, first, second = rows_of_event(admin_client, programme)
    swapped = {
        f"{first}-room": programme.lower.pk, f"{second}-room": programme.upper.pk,
        f"{first}-code": "B", f"{second}-code": "A",
    }  # fmt: skip
    assert post(admin_client, of(programme.panel.event), **swapped).status_code == 302
    first, second = Session.objects.get(pk=programme.first.pk), Session.objects.get(pk=programme.second.pk)
    assert (first.room, first.code, second.room, second.code) == (programme.lower, "B", programme.upper, "A")


def test_one_code_twice_is_refused(admin_client, programme):
    response = post(admin_client, of(programme.second), code="A")
    assert response.status_code == 422
    assert "1A is taken by another workshop of this series." in words(response)


def test_two_workshops_of_one_code_on_the_events_page_are_told_beside_the_code(admin_client, programme):
    _, first, second = rows_of_event(admin_client, programme)
    response = post(admin_client, of(programme.event), **{f"{first}-code": "C", f"{second}-code": "C"})
    assert response.status_code == 422
    rows = response.context_data["inline_admin_formsets"][1].formset
    assert rows.errors[2] == {"code": ["1C is taken by another workshop of this series."]}
    assert rows.non_form_errors() == [] and "correct the duplicate" not in words(response)


def test_two_series_of_one_number_are_told_beside_the_number(admin_client, event):
    data = form_of(admin_client.get(of(event)))
    data |= new_row(data, "series", number="1")
    data |= new_row(data, "series", number="1")
    response = admin_client.post(of(event), data)
    assert response.status_code == 422
    rows = response.context_data["inline_admin_formsets"][0].formset
    assert rows.errors[1] == {"number": ["This event already has a series of that number."]}
    assert rows.non_form_errors() == []


def test_a_person_twice_in_a_session_is_told_beside_the_person(admin_client, programme):
    data = form_of(admin_client.get(of(programme.panel)))
    data |= new_row(data, "appearances", person=programme.person.pk, role="chair")
    response = admin_client.post(of(programme.panel), data)
    assert response.status_code == 422
    rows = response.context_data["inline_admin_formsets"][0].formset
    assert "This person is in the session in that role already." in str(rows.errors[1])
    assert "correct the duplicate" not in words(response)


def test_a_room_in_another_building_is_saved_with_a_warning(admin_client, programme):
    save_event = Event.objects.get(pk=programme.event.pk)
    save_event.venue = programme.house
    save(save_event)
    mill = make_room("Foyer", venue=make_venue(name="The Mill"))
    response = post(admin_client, of(programme.second), room=mill.pk)
    sentence = "“1B: Art inside” is in Foyer, The Mill, and the event at Hall House."
    assert response.status_code == 302 and sentence in words(admin_client.get(of(programme.second)))
    post(admin_client, of(programme.second), room=programme.lower.pk)
    assert "and the event at" not in words(admin_client.get(of(programme.second)))


def test_a_code_may_be_typed_small(admin_client, programme):
    assert post(admin_client, of(programme.second), code="c").status_code == 302
    assert Session.objects.get(pk=programme.second.pk).code == "C"


def test_a_whole_day_moves_in_one_save(admin_client, programme):
    day = DAY.replace(day=17)
    moved = {"starts": at(9, day), "ends": at(17, day)}
    for prefix, hour in zip(rows_of_event(admin_client, programme), (10, 11, 11), strict=True):
        moved |= {f"{prefix}-starts": at(hour, day), f"{prefix}-ends": at(hour + 1, day)}
    assert post(admin_client, of(programme.panel.event), **moved).status_code == 302
    assert {each.starts.date() for each in Session.objects.all()} == {day}
    assert Event.objects.get(pk=programme.panel.event.pk).starts.date() == day


def test_hours_narrowed_below_a_session_are_refused_at_that_session(admin_client, programme):
    response = post(admin_client, of(programme.panel.event), starts=at(11))
    assert response.status_code == 422
    [sentence] = response.context_data["inline_admin_formsets"][1].formset.errors[0]["starts"]
    assert sentence == "“Opening” is not within the event, which is on Wednesday 16 June 2027, 11am to 5pm."
    assert form_of(response)["starts"] == at(11)


def test_a_new_event_with_a_series_and_a_session_in_one_save(admin_client):
    address = admin_pages.add(Event)
    data = form_of(admin_client.get(address))
    data |= {"title": "Next year’s", "starts": at(9), "ends": at(17)}
    data |= new_row(data, "series", number="1", title="Leading change")
    data |= new_row(data, "sessions", title="Welcome", kind="plenary", starts=at(9), ends=at(10))
    assert admin_client.post(address, data).status_code == 302
    event = Event.objects.get(title="Next year’s")
    assert (event.slug, event.status) == ("next-years", Status.DRAFT)
    assert [each.title for each in event.series.all()] == ["Leading change"]
    assert [each.slug for each in event.sessions.all()] == ["welcome"]


def test_a_new_event_that_is_refused_saves_none_of_it(admin_client):
    address = admin_pages.add(Event)
    data = form_of(admin_client.get(address))
    data |= {"title": "Next year’s", "starts": at(9), "ends": at(17)}
    data |= new_row(data, "series", number="1")
    data |= new_row(data, "sessions", title="Too late", kind="plenary", starts=at(19), ends=at(20))
    response = admin_client.post(address, data)
    assert response.status_code == 422
    assert "“Too late” is not within the event" in words(response)
    assert not Event.objects.exists() and not Series.objects.exists()


def test_a_row_added_and_left_as_it_began_is_no_session(admin_client, event):
    data = form_of(admin_client.get(of(event)))
    assert admin_client.post(of(event), data | new_row(data, "sessions")).status_code == 302
    assert not Session.objects.exists()


def test_an_unchanged_event_has_no_new_entry_in_its_history(admin_client, programme):
    event = programme.panel.event
    before = event.history.count()
    panel, _, _ = rows_of_event(admin_client, programme)
    assert post(admin_client, of(event), **{f"{panel}-title": "Opening words"}).status_code == 302
    assert event.history.count() == before
    assert Session.objects.get(pk=programme.panel.pk).history.first().history_user.username == "admin"


def test_people_are_added_to_a_session_and_taken_out(admin_client, programme):
    address, other = of(programme.second), make_person("Nguyễn Thị Hà")
    data = form_of(admin_client.get(address))
    data |= new_row(data, "appearances", person=other.pk, role="facilitator") | {"appearances-0-DELETE": "on"}
    assert admin_client.post(address, data).status_code == 302
    assert [each.person for each in Appearance.objects.filter(session=programme.second)] == [other]


def test_an_appearance_is_of_a_person_or_of_an_organisation(admin_client, programme):
    data = form_of(admin_client.get(of(programme.second)))
    data |= new_row(data, "appearances", role="host")
    response = admin_client.post(of(programme.second), data)
    assert response.status_code == 422
    assert "Choose a person or an organisation: one of the two." in words(response)


def test_a_workshop_without_a_series_is_refused(admin_client, programme):
    response = post(admin_client, of(programme.first), series="")
    assert response.status_code == 422
    assert "A workshop belongs to a series: choose one." in words(response)


def test_a_new_session_cannot_be_in_another_events_series(admin_client, programme):
    typed = {"title": "New", "kind": "workshop", "starts": at(15), "ends": at(16), "series": programme.other_series.pk}
    response = post(admin_client, f"{admin_pages.add(Session)}?event={programme.panel.event.pk}", **typed)
    assert response.status_code == 422
    assert "belongs to another event." in words(response)


def test_above_sixty_sessions_the_page_links_to_the_list_instead(admin_client, event):
    for number in range(61):
        make_session(event, title=f"Number {number}")
    response = admin_client.get(of(event))
    assert "sessions-TOTAL_FORMS" not in form_of(response)
    assert "See all 61 in a list" in words(response)
    assert f"{admin_pages.listed(Session)}?event__id__exact={event.pk}" in response.content.decode()
    assert post(admin_client, of(event), title="Longer").status_code == 302
    assert event.sessions.count() == 61


def test_a_page_opened_with_fewer_is_saved_even_if_they_are_more_by_now(admin_client, event):
    session = make_session(event)
    data = form_of(admin_client.get(of(event)))
    for number in range(60):
        make_session(event, title=f"Number {number}")
    assert admin_client.post(of(event), data | {"sessions-0-title": "Kept"}).status_code == 302
    assert Session.objects.get(pk=session.pk).title == "Kept"


class TestDeleting:
    def test_a_room_in_use_stays_and_its_sessions_are_named(self, admin_client, programme):
        address = of(programme.house)
        prefix = row_of(form_of(admin_client.get(address)), "rooms", programme.upper)
        response = post(admin_client, address, **{f"{prefix}-DELETE": "on"})
        assert response.status_code == 422
        assert (
            "“Upper Hall” cannot be deleted, because these still need it: “1A: Reserves and rest”, “Opening”"
            in words(response)
        )
        assert Room.objects.filter(pk=programme.upper.pk).exists()

    def test_the_rooms_own_page_names_them_too(self, admin_client, programme):
        response = admin_client.get(of(programme.upper, "delete"))
        assert response.status_code == 409
        assert "“Upper Hall” cannot be deleted, because these still need it:" in words(response)

    def test_posting_that_page_all_the_same_deletes_nothing(self, admin_client, programme):
        assert admin_client.post(of(programme.upper, "delete"), {"post": "yes"}).status_code == 409
        assert Room.objects.filter(pk=programme.upper.pk).exists()

    def test_a_series_with_workshops_stays(self, admin_client, programme):
        response = post(admin_client, of(programme.panel.event), **{"series-0-DELETE": "on"})
        assert response.status_code == 422
        assert "because these still need it: “1A: Reserves and rest”, “1B: Art inside”" in words(response)

    def test_an_event_goes_with_everything_in_it(self, admin_client, programme):
        event = programme.panel.event
        assert admin_client.post(of(event, "delete"), {"post": "yes"}).status_code == 302
        assert not Event.objects.filter(pk=event.pk).exists()
        assert not Session.objects.exists() and not Appearance.objects.exists()

    def test_several_sessions_go_at_once(self, admin_client, programme):
        chosen = {
            "action": "delete_selected",
            "_selected_action": [programme.first.pk, programme.second.pk],
            "post": "yes",
        }
        assert admin_client.post(admin_pages.listed(Session), chosen).status_code == 302
        assert [*Session.objects.all()] == [programme.panel]

    def test_a_listeners_objection_is_said_and_nothing_is_deleted(self, admin_client, programme, objection):
        for address, data in (
            (of(programme.first, "delete"), {"post": "yes"}),
            (
                admin_pages.listed(Session),
                {"action": "delete_selected", "_selected_action": [programme.first.pk], "post": "yes"},
            ),
        ):
            response = admin_client.post(address, data)
            assert response.status_code == 409
            assert "Twelve people have chosen it." in words(response)
        assert Session.objects.filter(pk=programme.first.pk).exists()

    def test_it_is_said_at_the_top_where_a_row_was_to_go(self, admin_client, programme, objection):
        _, first, _ = rows_of_event(admin_client, programme)
        response = post(admin_client, of(programme.panel.event), **{f"{first}-DELETE": "on"})
        assert response.status_code == 422
        assert response.context_data["adminform"].form.non_field_errors() == ["Twelve people have chosen it."]


@pytest.fixture
def objection():
    """A listener that objects to every deleted session."""
    from events import changes
    from events.problems import Problem

    class Objection:
        def check(self, before, after):
            gone = [was for was, now in zip(before, after, strict=True) if now is None]
            return [Problem("Twelve people have chosen it.", was) for was in gone]

        def after(self, before, after):
            pass

    listener = Objection()
    changes.subscribe(listener)
    yield
    changes.unsubscribe(listener)


class TestMeanwhile:
    def test_what_a_colleague_saved_stays_where_nobody_touched_it(self, admin_client, programme):
        stale = form_of(admin_client.get(of(programme.second)))
        post(admin_client, of(programme.second), room="", bsl="yes", starts=at(14), ends=at(15))
        assert admin_client.post(of(programme.second), stale | {"title": "Art outside"}).status_code == 302
        kept = Session.objects.get(pk=programme.second.pk)
        assert (kept.title, kept.room, kept.bsl, kept.starts.hour) == ("Art outside", None, "yes", 13)

    def test_so_it_does_in_the_rows_of_an_event(self, admin_client, programme):
        _, first, second = rows_of_event(admin_client, programme)
        stale = form_of(admin_client.get(of(programme.event)))
        post(admin_client, of(programme.first), title="Renamed", room="")
        typed = {f"{first}-code": "C", f"{second}-title": "Art outside", "strapline": "New"}
        assert admin_client.post(of(programme.event), stale | typed).status_code == 302
        kept = Session.objects.get(pk=programme.first.pk)
        assert (kept.title, kept.room, kept.code) == ("Renamed", None, "C")

    def test_and_the_rules_judge_the_two_together(self, admin_client, programme):
        stale = form_of(admin_client.get(of(programme.second)))
        post(admin_client, of(programme.second), starts=at(14), ends=at(15))
        assert admin_client.post(of(programme.second), stale | {"room": programme.upper.pk}).status_code == 302

    def test_a_row_that_somebody_deleted_is_said(self, admin_client, programme):
        event = programme.panel.event
        _, first, _ = rows_of_event(admin_client, programme)
        data = form_of(admin_client.get(of(event)))
        programme.first.delete()
        response = admin_client.post(of(event), data | {f"{first}-title": "Changed"})
        assert response.status_code == 422
        assert "Somebody deleted this row while you were writing." in words(response)

    def test_an_event_that_somebody_deleted_is_said(self, admin_client, event):
        data = form_of(admin_client.get(of(event)))
        event.delete()
        response = admin_client.post(of(event), data, follow=True)
        assert "Perhaps it was deleted?" in words(response)

    def test_a_room_that_somebody_deleted_is_said(self, admin_client, programme):
        data = form_of(admin_client.get(of(programme.first))) | {"room": "999999"}
        response = admin_client.post(of(programme.first), data)
        assert response.status_code == 422

    def test_what_only_postgresql_finds_is_said_beside_the_field(self, admin_client, programme, monkeypatch):
        from events import rules

        real, asked = rules.problems, []

        def blind_at_first(saves, deletes=()):
            asked.append(1)
            return real(saves, deletes) if len(asked) > 1 else []

        monkeypatch.setattr(rules, "problems", blind_at_first)
        response = post(admin_client, of(programme.second), room=programme.upper.pk)
        assert response.status_code == 422
        assert "Upper Hall already has “1A: Reserves and rest”" in words(response)

    def test_an_event_deleted_in_the_middle_of_a_save_is_no_error_of_ours(self, admin_client, programme, monkeypatch):
        from events import changes

        def vanish(saves=(), deletes=()):
            raise Event.DoesNotExist

        monkeypatch.setattr(changes, "apply", vanish)
        response = post(admin_client, of(programme.second), title="New")
        assert response.status_code == 422
        assert "Somebody deleted something that this needs" in words(response)


def test_workshops_of_a_stored_series_are_added_on_the_events_page(admin_client, programme):
    event = programme.panel.event
    data = form_of(admin_client.get(of(event)))
    row = {
        "title": "",
        "kind": "workshop",
        "series": programme.series.pk,
        "code": "C",
        "starts": at(11),
        "ends": at(12),
    }
    assert admin_client.post(of(event), data | new_row(data, "sessions", **row)).status_code == 302
    assert str(Session.objects.get(code="C")) == "Workshop 1C, to be announced"


def test_a_listing_has_no_programme_to_edit(admin_client):
    listing = make_event("A neighbour’s", is_listing=True)
    assert "sessions-TOTAL_FORMS" not in form_of(admin_client.get(of(listing)))


def test_a_workshop_can_be_put_into_another_series_of_its_event(admin_client, programme):
    second = Series.objects.create(event=programme.panel.event, number=2)
    moved = make_workshop(programme.series, "D", hour=14)
    assert post(admin_client, of(moved), series=second.pk).status_code == 302
    assert Session.objects.get(pk=moved.pk).full_code == "2D"


@pytest.mark.django_db(transaction=True)
def test_while_somebody_else_is_saving_the_event_it_is_said_and_nothing_is_lost(admin_client, programme):
    from django.db import connection

    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM events_event WHERE id = %s FOR UPDATE", [programme.event.pk])
        response = post(admin_client, of(programme.second), title="Typed just now")
    finally:
        other.rollback()
        other.close()
    assert response.status_code == 422
    assert "Somebody else was saving at the same moment." in words(response)
    assert form_of(response)["title"] == "Typed just now"
