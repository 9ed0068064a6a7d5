"""Staff's one notice that workshops of a series are announced, to whoever has not chosen in it."""

from types import SimpleNamespace

import pytest
from django.db import connection

from events.models import Status
from registrations import booking, invariants
from registrations.messages import emails
from registrations.models import (
    MessageKind,
    MessageState,
)
from registrations.programme_changes import announcing
from registrations.way_in import links, personal_links
from tests.registrations.builders import NOW, edit, make_day, register
from tests.registrations.staff import signed_in
from tests.registrations.telling import queries_of, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_broken():
    """After each test the invariants hold."""
    yield
    connection.check_constraints()
    assert invariants.broken(NOW) == []


def press(client, series, **more):
    return client.post(f"/admin/registrations/registration/announce/{series.pk}/", follow=True, **more)


@pytest.fixture
def staff_now(time_machine):
    time_machine.move_to(NOW, tick=False)
    return signed_in("view_registration", "change_registration")


def announced_day():
    """A day whose series 2 has just got its titles, with somebody for each way to stand to it."""
    day = make_day(event_capacity=4)
    edit(day.a2, title=""), edit(day.b2, title="")
    register(day, "Ada"), register(day, "Rung", email="", by_staff=True)
    gone = register(day, "Gone")
    booking.cancel(gone, NOW)
    edit(day.a2, title="Rest"), edit(day.b2, title="Art")
    register(day, "Chose", take=day.a2), register(day, "Other series", take=day.a1)
    register(day, "Waits")
    return day


def test_a_title_tells_nobody_by_itself():
    announced_day()
    assert told(MessageKind.ANNOUNCED) == []


def test_the_page_says_to_how_many_and_the_button_tells_each_of_them_once(staff_now):
    day = announced_day()
    listed = staff_now.get(f"/admin/registrations/registration/?event={day.event.pk}").content.decode()
    address = f"/admin/registrations/registration/announce/{day.series2.pk}/"
    assert f'<a href="{address}">Workshop series 2</a>' in listed
    page = staff_now.get(address).content.decode()
    assert "It goes to 4 people. 1 of them has no e-mail address and is put on the list of those to ring." in page
    assert "2A: Rest" in page and told(MessageKind.ANNOUNCED) == []
    assert "The notice is on its way. It goes to 4 people." in press(staff_now, day.series2).content.decode()
    names = {each.registration.name: each.state for each in told(MessageKind.ANNOUNCED)}
    assert set(names) == {"Ada", "Rung", "Other series", "Waits"} and names["Rung"] == MessageState.TO_RING
    assert "Nobody was left to be told." in press(staff_now, day.series2).content.decode()
    assert len(told(MessageKind.ANNOUNCED)) == 4 and "It goes to nobody" in staff_now.get(address).content.decode()


def test_when_one_more_is_announced_they_may_be_told_again(staff_now):
    day = make_day()
    edit(day.b2, title="")
    register(day, "Ada")
    press(staff_now, day.series2), edit(day.b2, title="Art"), press(staff_now, day.series2)
    assert [each.facts["announced"] for each in told(MessageKind.ANNOUNCED)] == [
        [day.a2.pk], sorted([day.a2.pk, day.b2.pk]),
    ]  # fmt: skip


def test_the_notice_names_those_with_places_left_and_leads_to_my_day(staff_now):
    day = make_day(places=(1, None))
    ada = register(day, "Ada")
    press(staff_now, day.series2)
    register(day, "Quicker", take=day.a2)
    [message] = told(MessageKind.ANNOUNCED)
    result = emails.write(message)
    assert "2B Workshop 2B: Places available" in result.text and "2A Workshop" not in result.text
    assert links.my_day(ada) in personal_links.put_in(result.text, message)
    assert message.facts["series"] == "Workshop series 2" and result.calendar == ""


def test_nothing_is_announced_where_there_is_no_title_or_the_event_is_not_on(staff_now):
    day = make_day()
    edit(day.a2, title=""), edit(day.b2, title="")
    register(day)
    press(staff_now, day.series2)
    edit(day.a2, title="Rest")
    type(day.event).objects.update(status=Status.DRAFT)
    assert "There is nothing to announce" in staff_now.get(
        f"/admin/registrations/registration/announce/{day.series2.pk}/"
    ).content.decode()  # fmt: skip
    press(staff_now, day.series2)
    assert told(MessageKind.ANNOUNCED) == []


def test_who_may_only_look_announces_nothing(time_machine):
    time_machine.move_to(NOW, tick=False)
    day, looking = announced_day(), signed_in("view_registration")
    assert press(looking, day.series2).status_code == 403 and told(MessageKind.ANNOUNCED) == []
    listed = looking.get(f"/admin/registrations/registration/?event={day.event.pk}").content.decode()
    assert "workshops are announced" not in listed
    assert press(signed_in("change_registration", name="bo"), SimpleNamespace(pk=0)).status_code == 404


def test_announcing_asks_the_database_as_often_for_thirty_as_for_one():
    counts = []
    for number in (1, 30):
        day = make_day()
        for _ in range(number):
            register(day)
        counts.append(queries_of(lambda day=day: announcing.announce(day.series2, NOW)))
    assert counts[0] == counts[1]
