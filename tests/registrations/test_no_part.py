"""“None: I will not take part in this series”: remembered, said on every page and in every message, and respected."""

import datetime
import uuid

import pytest
from django.db import connection

from events import changes
from registrations import booking, invariants
from registrations.answering.answers import Needs, Wish
from registrations.data_rights import erasing
from registrations.messages import emails, reminders
from registrations.models import Message, NoPart, Registration, WorkshopChoice
from registrations.my_day import transfers
from registrations.programme_changes import announcing
from tests.admin_pages import form_of, of, words
from tests.builders import london
from tests.reading import read
from tests.registrations.builders import MINUTE, NOW, answers, change, make_day, register, state
from tests.registrations.journeys import Journey, place, problems, wait
from tests.registrations.my_day import MyDay
from tests.registrations.staff import TEAM, signed_in
from tests.registrations.test_messages_words import said

pytestmark = pytest.mark.django_db
SAID = "Workshop series 2, 1pm: none, as you told us."


@pytest.fixture(autouse=True)
def clock(time_machine):
    """The clock stands at NOW; after each test the invariants hold."""
    time_machine.move_to(NOW, tick=False)
    yield
    connection.check_constraints()
    assert invariants.broken(NOW) == []


@pytest.fixture
def day():
    """A day on which Ada takes 1A, by the journey, and no part in series 2."""
    day = make_day()
    day.none = {f"series-{day.series2.pk}": "none"}
    day.journey = Journey(day.event).begin().answer(workshops=place(day.a1) | day.none)
    assert day.journey.confirm().status_code == 302
    day.ada = Registration.objects.get()
    return day


def out_of(registration):
    return list(NoPart.objects.filter(registration=registration).values_list("series", flat=True))


def answer_of(page, name):
    """Return the answer of a page of radios that is chosen."""
    found = [each for each in page.tree.iter("input") if each.get("name") == name and "checked" in each.attrib]
    return [each.get("value") for each in found]


def save(day, **answers):
    """Change the workshops in My day as its page does: with all that it showed, but for these answers."""
    mine = MyDay(day.ada)
    page = mine.get("workshops/")
    sent = {
        each.get("name"): each.get("value")
        for each in page.tree.iter("input")
        if each.get("name", "").startswith("series-") and (each.get("type") == "hidden" or "checked" in each.attrib)
    }
    response = mine.post("workshops/", sent | answers)
    assert response.status_code == 302, read(response).main
    return mine


def test_what_the_journey_was_told_is_said_on_the_page_and_in_the_message_without_asking_to_choose(day):
    page = day.journey.get("confirmed")
    assert "None, as you told us" in page.main or "none, as you told us" in page.main
    assert "nothing chosen yet" not in page.main and "To choose a workshop" not in page.main
    for text in said(emails.write(Message.objects.get(kind="confirmed"))):
        assert SAID in text and "nothing chosen" not in text and "To choose a workshop" not in text


def test_my_day_and_the_letter_say_it_too(day):
    page = MyDay(day.ada).get()
    assert "None, as you told us." in page.main and "Choose a workshop of" not in page.main
    text = words(signed_in(*TEAM).get(of(day.ada, "letter")))
    assert SAID in text and "nothing chosen" not in text


def test_a_reminder_says_it_and_asks_nothing(day):
    assert reminders.send_due(london(9, 0, datetime.date(2027, 6, 9))) == 1
    for text in said(emails.write(Message.objects.get(kind="reminder"))):
        assert SAID in text and "nothing chosen" not in text and "To choose a workshop" not in text


def test_the_announcing_notice_goes_to_who_will_choose_later_and_not_to_who_takes_no_part(day):
    register(day, "Later", take=day.a1)
    announcing.announce(day.series2, NOW)
    told = Message.objects.filter(kind="announced").values_list("registration__name", flat=True)
    assert list(told) == ["Later"]


def test_the_page_of_my_day_has_both_answers_and_saving_one_alone_tells_nobody(day):
    name = f"series-{day.series2.pk}"
    page = MyDay(day.ada).get("workshops/")
    assert "I will choose later" in page.main and "None: I will not take part in this series" in page.main
    assert answer_of(page, name) == ["no_part"]
    mine = save(day, **{name: "none"})
    assert out_of(day.ada) == [] and "Nothing chosen yet." in mine.get().main
    assert answer_of(mine.get("workshops/"), name) == ["none"]
    save(day, **{name: "no_part"})
    assert out_of(day.ada) == [day.series2.pk] and state(day.ada) == "confirmed 1A"
    assert not Message.objects.filter(kind="changed").exists()


def test_they_can_choose_in_my_day_after_all_and_that_ends_it(day):
    save(day, **place(day.b2))
    assert state(day.ada) == "confirmed 1A, 2B" and out_of(day.ada) == []
    change(day.ada, drop=[day.series2])
    assert out_of(day.ada) == []  # giving a workshop back is not to say that one wants none


def test_giving_up_a_workshop_for_none_is_one_change(day):
    save(day, **{f"series-{day.series1.pk}": "no_part"})
    assert state(day.ada) == "confirmed" and out_of(day.ada) == [day.series1.pk, day.series2.pk]
    for text in said(emails.write(Message.objects.get(kind="changed"))):
        assert "Workshop series 1, 11am: none, as you told us." in text


def test_staff_see_the_same_answers_and_change_only_that_without_a_message(day):
    team, name, at = signed_in(*TEAM), f"series-{day.series2.pk}", of(day.ada, "workshops")
    page = team.get(at)
    assert "They will choose later" in words(page) and "None: they take no part in this series" in words(page)
    assert form_of(page)[name] == "no_part"
    assert "No message goes out" in words(team.post(at, form_of(page) | {name: ""}, follow=True))
    assert out_of(day.ada) == []
    team.post(at, form_of(team.get(at)) | {name: "no_part"})
    assert out_of(day.ada) == [day.series2.pk] and not Message.objects.filter(kind="changed").exists()
    team.post(at, form_of(team.get(at)) | place(day.a2))
    assert out_of(day.ada) == [] and Message.objects.filter(kind="changed").count() == 1


def test_to_take_no_part_and_wait_in_the_same_series_is_refused_beside_the_question():
    day = make_day(places=(1, None))
    register(day, "Ben", take=day.a1)
    journey = Journey(day.event).begin()
    journey.answer(workshops={})
    refused = read(journey.post("workshops", {f"series-{day.series1.pk}": "none"} | wait(day.a1)))
    assert refused.status == 422 and any("You take no part in this series" in each for each in problems(refused))


def test_it_waits_for_nothing_where_the_event_is_full():
    day = make_day(event_capacity=1)
    register(day, "Ben")
    ada = booking.register(*_asked(day, {day.series2.pk: Wish(no_part=True)}))
    assert out_of(ada) == [day.series2.pk]
    for text in said(emails.write(Message.objects.get(registration=ada))):
        assert SAID in text and "Workshop series 1, 11am: nothing asked for yet." in text


def _asked(day, wishes):
    return day.event, answers(day, "Ada", wishes=wishes), uuid.uuid4(), NOW


def test_the_release_before_ends_it_too_by_whatever_it_writes(day):
    """It knows nothing of the table: a claim, and another key of the submission, end it all the same."""
    claim = WorkshopChoice.objects.get()
    keep = {"registration": day.ada, "series": day.series2, "event": day.event, "made_at": NOW}
    register(day, "Ben", take=day.a2)
    change(day.ada, take=day.a2)
    assert out_of(day.ada) == [] and claim.registration_id == day.ada.pk
    change(day.ada, drop=[day.series2])
    NoPart.objects.create(**keep)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registrations_registration SET idempotency_key = gen_random_uuid() WHERE id = %s",
                       [day.ada.pk])  # fmt: skip
    assert out_of(day.ada) == []


def test_a_deleted_series_ends_it():
    day = make_day()
    ada = booking.register(*_asked(day, {day.series2.pk: Wish(no_part=True)}))
    changes.apply(deletes=[day.a2, day.b2, day.series2])
    assert out_of(ada) == []


def test_it_is_in_the_download_and_goes_with_the_erasure(day):
    download = MyDay(day.ada).client.get("/my-day/data.json").json()
    assert [each["series"] for each in download["no_part"]] == ["Workshop series 2"]
    erasing.erase(day.ada, NOW + MINUTE)
    assert not NoPart.objects.exists()


def test_a_colleague_starts_without_it(day):
    MyDay(day.ada).post("pass-on/", {"name": "Bea", "email": "bea@example.org"})
    transfers.accept(day.ada.transfers.get(), {}, Needs(), NOW)
    assert out_of(day.ada) == []
    bea = Registration.objects.get()
    assert "Nothing chosen yet." in MyDay(bea).get().main
