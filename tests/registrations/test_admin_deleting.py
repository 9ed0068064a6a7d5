"""Deleting what people have booked: refused in the site's own words, and nobody sees whose it is who may not."""

import pytest

from events.models import Event, Session
from registrations.models import TicketType, WaitingRules
from tests.admin_pages import form_of, listed, of, post, row_of, words
from tests.registrations.builders import make_ticket_type, register
from tests.registrations.staff import a_paying, a_superuser, an_editor

pytestmark = pytest.mark.usefixtures("undone")

CHOSEN = "1 person has chosen “1A: Workshop 1A”, so it cannot be deleted. Cancel it."


@pytest.fixture
def day(busy_day):
    return busy_day


@pytest.fixture
def admin_client(undone):
    return a_superuser()


@pytest.fixture
def editor(undone):
    return an_editor()


def delete_rows(client, *rows, **more):
    data = {"action": "delete_selected", "_selected_action": [row.pk for row in rows]}
    return client.post(listed(type(rows[0])), data | more)


class TestWhatPeopleBooked:
    def test_a_row_of_the_events_page_says_how_many_and_to_an_editor_nothing_of_who(self, day, editor):
        mine = register(day, "Anna", take=day.a1)
        prefix = row_of(form_of(editor.get(of(day.event))), "sessions", day.a1)
        response = post(editor, of(day.event), **{f"{prefix}-DELETE": "on"})
        text = words(response)
        assert response.status_code == 422 and CHOSEN in text
        assert str(mine) not in text and "Anna" not in text and "confirmed" not in text

    @pytest.mark.parametrize("confirmed", [{}, {"post": "yes"}])
    def test_the_page_and_the_list_say_so_before_and_after_it_is_confirmed(self, day, admin_client, editor, confirmed):
        mine = register(day, "Anna", take=day.a1)
        for client in (admin_client, editor):
            for row, sentence in (
                (day.a1, CHOSEN),
                (day.event, "1 person has registered for “Annual conference”, so it cannot be deleted. Cancel it."),
            ):
                page = client.post(of(row, "delete"), confirmed) if confirmed else client.get(of(row, "delete"))
                for response in (page, delete_rows(client, row, **confirmed)):
                    text = words(response)
                    assert response.status_code == 409 and sentence in text
                    assert "permission" not in text and str(mine) not in text and "Yes, I’m sure" not in text
        assert Session.objects.filter(pk=day.a1.pk).exists()

    def test_nothing_of_it_is_locked_or_lost_by_asking(self, day, admin_client):
        register(day, take=day.a1)
        before = Session.objects.count(), Event.objects.count()
        admin_client.get(of(day.event, "delete"))
        assert (Session.objects.count(), Event.objects.count()) == before


class TestWhatGoes:
    def test_only_what_people_know_is_listed(self, day, admin_client):
        WaitingRules.objects.create(event=day.event)
        response = admin_client.get(of(day.event, "delete"))
        text = words(response)
        assert response.status_code == 200 and "1A: Workshop 1A" in text and "Ticket type: Members" in text
        assert [each for each in ("Places", "Wordss", "Words ", "Version", "versions") if each in text] == []
        assert "Sessions: 4" in text and "Series: 2" in text
        assert admin_client.post(of(day.event, "delete"), {"post": "yes"}).status_code == 302
        assert not Event.objects.filter(pk=day.event.pk).exists()

    def test_several_are_listed_too(self, day, admin_client):
        text = words(delete_rows(admin_client, day.b1, day.b2))
        assert "1B: Workshop 1B" in text and "2B: Workshop 2B" in text and "Places" not in text

    def test_an_event_with_tickets_is_not_deleted_by_who_may_not_touch_those(self, day, editor):
        assert "doesn't have permission" in words(editor.get(of(day.event, "delete")))
        assert editor.post(of(day.event, "delete"), {"post": "yes"}).status_code == 403
        assert Event.objects.filter(pk=day.event.pk).exists()

    def test_a_ticket_says_how_many_have_it(self, day, admin_client):
        a_paying(day)
        response = admin_client.get(of(day.paid, "delete"))
        sentence = "“Members” is the ticket of 1 registration. Let it end instead of deleting it."
        assert response.status_code == 409 and sentence in words(response)
        unused = make_ticket_type(day.event, "Unused")
        assert admin_client.post(of(unused, "delete"), {"post": "yes"}).status_code == 302
        assert not TicketType.objects.filter(name="Unused").exists()


def test_a_series_that_workshops_need_says_what_to_do_first(day, admin_client):
    response = post(admin_client, of(day.event), **{"series-0-DELETE": "on"})
    text = words(response)
    assert response.status_code == 422
    assert "Put them into another series, or delete them, before it goes." in text and "or none" not in text
    [fault] = response.context_data["faults"]
    assert fault.anchor == "id_series-0-DELETE"
    [series, _] = response.context_data["inline_admin_formsets"]
    assert not series.is_collapsible
