"""The calendar that an attendee subscribes to: what is in it, through every change, and who can ask for it."""

import datetime

import pytest
import vobject
from django.conf import settings
from django.test import Client
from django.urls import reverse

from events.models import Kind, Status
from registrations import booking, invariants
from registrations.models import Registration, Transfer
from registrations.my_day import corrections
from registrations.way_in import links
from tests.builders import london, make_session, make_venue
from tests.registrations.builders import NOW, edit, make_day, register
from tests.registrations.journeys import hidden
from tests.registrations.my_day import MyDay, path_of
from tests.registrations.telling import queries_of

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    yield time_machine
    assert invariants.broken(NOW) == []


@pytest.fixture
def day():
    """1A has one place, which Bea has; Ada holds 1B and waits for 1A. There are a panel and lunch for everybody."""
    day = make_day(places=(1, 5))
    day.panel = make_session(day.event, 9, kind=Kind.PANEL, title="Opening")
    day.lunch = make_session(day.event, 13, kind=Kind.BREAK, title="Lunch")
    day.bea = register(day, "Bea", take=[day.a1, day.a2])
    day.ada = register(day, "Ada", take=day.b1, wait=day.a1)
    return day


def address(registration):
    return path_of(links.calendar(Registration.objects.get(pk=registration.pk)))


def fetch(registration, **more):
    return Client().get(address(registration), **more)


def read(answer):
    """Return the entries by their UID, as a calendar keeps them."""
    assert answer.status_code == 200
    return {each.uid.value: each for each in vobject.readOne(answer.content.decode()).vevent_list}


def standing(registration):
    """Return how each entry stands, by its title without what is said first."""
    found = read(fetch(registration)).values()
    return {each.summary.value.rpartition(": ")[2]: each.status.value for each in found}


class Calendar:
    """A client that keeps entries by UID and takes a change only under a higher SEQUENCE (RFC 5546, 2.1.5)."""

    def __init__(self, registration):
        self.registration, self.kept, self.fetched = registration, {}, []

    def fetch(self):
        self.fetched.append(found := read(fetch(self.registration)))
        assert set(self.kept) <= set(found)  # nothing is taken out: it is cancelled
        for uid, each in found.items():
            old = self.kept.get(uid)
            same = old is not None and old.serialize() == each.serialize()
            assert same or old is None or int(each.sequence.value) > int(old.sequence.value), each.summary.value
            self.kept[uid] = each
        return {each.summary.value: each.status.value for each in self.kept.values()}


# What is in it


def test_it_has_the_day_what_is_for_everybody_and_their_workshops(day):
    assert standing(day.ada) == {
        "Annual conference": "CONFIRMED", "Opening": "CONFIRMED", "Lunch": "CONFIRMED",
        "1B Workshop 1B": "CONFIRMED", "1A Workshop 1A": "TENTATIVE",
    }  # fmt: skip


def test_identities_times_and_places_are_those_of_the_programme(day):
    edit(day.event, venue=make_venue(name="Loom House", latitude="51.5", longitude="-0.12"))
    found = read(fetch(day.ada))
    assert set(found) == {str(each.uid) for each in (day.event, day.panel, day.lunch, day.a1, day.b1)}
    workshop = found[str(day.b1.uid)]
    assert (workshop.dtstart.value, workshop.dtend.value) == (london(11), london(12))
    assert workshop.location.value.startswith("Loom House") and workshop.geo.value == "51.5;-0.12"


def test_it_says_what_it_is_and_how_often_to_ask_and_not_whose_it_is(day):
    text = fetch(day.ada).content.decode().replace("\r\n ", "")
    assert "NAME:Annual conference: my day\r\n" in text and "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in text
    assert f"SOURCE;VALUE=URI:{links.calendar(day.ada)}\r\n" in text
    assert "Ada" not in text and day.ada.reference not in text and day.ada.email not in text


def test_who_waits_for_the_event_has_nothing_for_certain():
    day = make_day(event_capacity=0)
    make_session(day.event, 9, kind=Kind.PANEL, title="Opening")
    mine = register(day, "Cai", take=day.a1)
    assert set(standing(mine).values()) == {"TENTATIVE"} and len(standing(mine)) == 3


def test_drafts_are_in_none(day):
    edit(day.panel, status=Status.DRAFT)
    assert "Opening" not in standing(day.ada) and "Lunch" in standing(day.ada)


def test_a_day_before_its_programme_is_not_empty(event):
    mine = register(make_day(), "Dee")
    assert "Annual conference" in standing(mine)


# Followed through changes


def test_five_fetches_of_somebody_who_swaps_cancels_and_chooses_again(day, clock):
    calendar = Calendar(day.ada)
    assert calendar.fetch()["1B Workshop 1B"] == "CONFIRMED"
    mine = MyDay(day.ada)
    clock.move_to(NOW + MINUTE, tick=False)
    booking.cancel(day.bea, NOW + MINUTE)  # Ada is moved from 1B to 1A
    found = calendar.fetch()
    assert (found["1A Workshop 1A"], found["No longer yours: 1B Workshop 1B"]) == ("CONFIRMED", "CANCELLED")
    clock.move_to(NOW + 2 * MINUTE, tick=False)
    choose(mine, day, {})
    found = calendar.fetch()
    assert (found["No longer yours: 1A Workshop 1A"], found["Annual conference"]) == ("CANCELLED", "CONFIRMED")
    clock.move_to(NOW + 3 * MINUTE, tick=False)
    choose(mine, day, {day.series1: day.b1})
    assert calendar.fetch()["1B Workshop 1B"] == "CONFIRMED"
    clock.move_to(NOW + 4 * MINUTE, tick=False)
    booking.cancel(Registration.objects.get(pk=day.ada.pk), NOW + 4 * MINUTE)
    found = calendar.fetch()
    assert set(found.values()) == {"CANCELLED"} and len(calendar.fetched) == 5


def choose(mine, day, wanted):
    """Send the page of workshops with these choices, and none elsewhere."""
    page = mine.get("workshops/")
    both = (day.series1, day.series2)
    seen = {f"series-{each.pk}-seen": hidden(page, f"series-{each.pk}-seen") for each in both}
    chosen = {f"series-{each.pk}": wanted[each].pk if each in wanted else "none" for each in both}
    assert mine.post("workshops/", seen | chosen).status_code == 302


def test_a_session_that_is_moved_renamed_and_cancelled_between_two_fetches(day, clock):
    calendar = Calendar(day.ada)
    calendar.fetch()
    for minutes, change in enumerate(
        ({"starts": london(11, 15), "ends": london(12, 15)}, {"title": "Rest"}, {"status": Status.CANCELLED}), 1
    ):
        clock.move_to(NOW + minutes * MINUTE, tick=False)
        edit(day.lunch if "starts" not in change else day.panel, **change)
    calendar.fetch()
    assert calendar.kept[str(day.panel.uid)].dtstart.value == london(11, 15)
    assert calendar.kept[str(day.lunch.uid)].summary.value == "Cancelled: Rest"


def test_a_cancelled_event_is_cancelled_for_everybody(day):
    calendar = Calendar(day.ada)
    calendar.fetch()
    edit(day.event, status=Status.CANCELLED)
    assert set(calendar.fetch().values()) == {"CANCELLED"}


def test_a_client_that_counts_would_notice_a_number_that_does_not_rise(day, monkeypatch):
    """The negative control: without the claims' own numbers, a swap would be under the old one."""
    calendar = Calendar(day.ada)
    monkeypatch.setattr("registrations.calendar_claims.Claim.follow", _without_counting)
    calendar.fetch()
    booking.cancel(day.bea, NOW)
    with pytest.raises(AssertionError, match="Workshop 1"):
        calendar.fetch()


def _without_counting(claim, number, key, state, at):
    claim.states[key], claim.number, claim.revision, claim.changed_at = state, number, 0, at


# Cost


def test_it_takes_three_queries_however_much_is_in_it(day):
    at = address(day.ada)
    few = queries_of(lambda: Client().get(at))
    for number in range(30):
        make_session(day.event, 14, starts=london(14, number), ends=london(14, number + 1))
    assert few == queries_of(lambda: Client().get(at)) == 3
    assert len(read(fetch(day.ada))) == 35


def test_the_same_day_is_the_same_file_and_is_not_sent_twice(day, clock):
    first = fetch(day.ada)
    clock.move_to(NOW + 600 * MINUTE)
    second = fetch(day.ada, headers={"if-none-match": first["ETag"]})
    assert (second.status_code, second.content, second["ETag"]) == (304, b"", first["ETag"])
    booking.cancel(day.bea, NOW)
    assert fetch(day.ada, headers={"if-none-match": first["ETag"]}).status_code == 200


# Who can ask for it


def test_it_is_kept_by_nobody_on_the_way_and_tells_nobody_where_it_is(day):
    answer = fetch(day.ada)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8" and answer["Referrer-Policy"] == "no-referrer"
    assert set(answer["Cache-Control"].split(", ")) == {"private", "no-cache"} and not answer.cookies
    assert not answer.has_header("Content-Encoding")


def test_unknown_foreign_and_ended_secrets_are_the_same_404(day):
    old = address(day.ada)
    foreign = old.replace(f"/{day.ada.pk}-", f"/{day.bea.pk}-")
    of_the_day = old.rpartition("/")[0] + "/" + links.my_day(day.ada).rstrip("/").rpartition("/")[2] + ".ics"
    corrections.end_calendar(day.ada, 1)
    wrong = [old, foreign, of_the_day, "/my-day/calendar/1.ics", f"/my-day/calendar/{'9' * 300}-a.ics"]
    answers = [Client().get(each) for each in wrong]
    assert {(each.status_code, _words(each)) for each in answers} == {(404, _words(answers[0]))}
    assert fetch(day.ada).status_code == fetch(day.bea).status_code == 200


def _words(answer):
    return answer.content.decode().replace(answer["X-Request-ID"], "")


def test_its_secret_opens_nothing_else(day):
    token = address(day.ada).rpartition("/")[2].removesuffix(".ics")
    for name in ("open", "found", "accept"):
        assert Client().get(reverse(f"my_day:{name}", args=[token])).status_code == 404, name


def test_it_is_ended_with_the_links_with_the_place_and_with_time(day, clock):
    old = address(day.ada)
    corrections.correct(day.ada, {"email": "other@example.org"}, NOW)
    assert Client().get(old).status_code == 404
    new = address(day.ada)
    clock.move_to(day.event.ends + links.OPENS_UNTIL - MINUTE)
    assert Client().get(new).status_code == 200
    clock.move_to(day.event.ends + links.OPENS_UNTIL)
    assert Client().get(new).status_code == 404


def test_who_takes_the_place_over_learns_nothing_of_what_was_given_back_before(day, clock):
    mine = MyDay(day.ada)
    choose(mine, day, {})
    clock.move_to(NOW + MINUTE, tick=False)
    mine.post("pass-on/", {"name": "Cai", "email": "cai@example.org"})
    passing = Transfer.objects.get()
    old = address(day.ada)
    Client().post(path_of(links.transfer(passing)), {"answer": "yes", "name": "Cai"})
    assert Transfer.objects.get().state == "accepted"
    assert Client().get(old).status_code == 404
    assert "1B Workshop 1B" not in standing(day.ada) and "Opening" in standing(day.ada)


def test_another_key_of_the_site_keeps_the_addresses_of_before(day, settings_of_old_key):
    old = address(day.ada)
    settings_of_old_key()
    assert Client().get(old).status_code == 200


@pytest.fixture
def settings_of_old_key(settings):
    def change():
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another" * 10

    return change


# On the page


def test_my_day_offers_to_subscribe_and_ends_an_address_once(day):
    mine = MyDay(day.ada)
    page = mine.get("calendar/")
    old = links.calendar(day.ada)
    assert page.link("Subscribe in Calendar on this device") == old.replace("http://", "webcal://") and old in page.main
    number = hidden(page, "number")
    for _ in range(2):  # pressed twice
        assert mine.post("calendar/", number=number).status_code == 302
    page = mine.get("calendar/?done=ended")
    assert "The old address has ended" in page.main and old not in page.main
    assert Registration.objects.get(pk=day.ada.pk).calendar_number == 2


def test_who_waits_can_subscribe_too_but_has_no_file_to_take():
    mine = MyDay(register(make_day(event_capacity=0), "Cai"))
    page = mine.get("calendar/")
    assert "Subscribe" in page.main and "as it is now" not in page.main


def test_no_message_and_no_log_line_holds_the_address(day, caplog):
    from conference.logs import log_lines

    assert settings.SITE_URL and "…" in log_lines.masked(address(day.ada))
    assert address(day.ada) not in log_lines.masked(f"GET {address(day.ada)} 404")


# Moments that run backwards, and who had the place before


def test_the_last_that_was_written_counts_also_by_a_clock_that_ran_backwards(day, clock):
    """Whoever waited longer for the lock began earlier; servers' clocks differ."""
    calendar = Calendar(day.ada)
    booking.cancel(day.bea, NOW + 2 * MINUTE)
    assert calendar.fetch()["1A Workshop 1A"] == "CONFIRMED"
    booking.cancel(Registration.objects.get(pk=day.ada.pk), NOW + MINUTE)
    assert set(calendar.fetch().values()) == {"CANCELLED"}


def test_somebodys_own_outranks_the_public_and_a_change_of_the_programme_both(day):
    def numbers():
        public = read(Client().get(f"/events/{day.event.slug}/calendar.ics"))
        own = read(fetch(day.ada))
        return [int(each[str(day.b1.uid)].sequence.value) for each in (public, own)]

    public, own = numbers()
    mine = MyDay(day.ada)
    for wanted in ({}, {day.series1: day.b1}, {}, {day.series1: day.b1}):
        choose(mine, day, wanted)
    assert public < own < numbers()[1]
    before = numbers()[1]
    edit(day.b1, title="Another")
    assert numbers()[0] > before and numbers()[1] > numbers()[0]


def test_who_passed_the_place_on_gets_a_file_that_takes_it_out_of_their_calendar(day):
    from registrations import calendar_files
    from registrations.messages import emails
    from registrations.models import Message

    had = Calendar(day.ada)
    had.kept = {each.uid.value: each for each in _of_file(calendar_files.for_registration(day.ada).decode())}
    MyDay(day.ada).post("pass-on/", {"name": "Cai", "email": "cai@example.org"})
    Client().post(path_of(links.transfer(Transfer.objects.get())), {"answer": "yes", "name": "Cai"})
    choose(MyDay(Registration.objects.get(pk=day.ada.pk)), day, {day.series2: day.b2})
    sent = emails.write(Message.objects.get(kind="transferred")).calendar
    found = {each.uid.value: each for each in _of_file(sent)}
    assert set(found) == {str(day.event.uid), str(day.b1.uid)} == set(had.kept)
    for uid, each in found.items():
        assert each.status.value == "CANCELLED" and int(each.sequence.value) > int(had.kept[uid].sequence.value)


def _of_file(text):
    return vobject.readOne(text).vevent_list


def test_a_draft_event_is_not_as_it_was(day):
    type(day.event).objects.update(status=Status.DRAFT)
    assert {each.status.value for each in read(fetch(day.ada)).values()} == {"CANCELLED"}


def test_the_secret_does_not_travel_in_the_clear(day, settings):
    settings.SITE_URL = "https://conference.example.org"
    page = MyDay(day.ada).get("calendar/")
    assert page.link("Subscribe in Calendar on this device").startswith("webcals://conference.example.org/my-day/")
    assert "my-day" not in page.link("Subscribe in Google Calendar")


# Who comes back


def _kept(texts):
    """Return what a calendar has after these files, which takes a change only under a higher number."""
    kept = {}
    for text in texts:
        for each in _of_file(text):
            if each.uid.value not in kept or int(each.sequence.value) > int(kept[each.uid.value].sequence.value):
                kept[each.uid.value] = each
    return {uid: each.status.value for uid, each in kept.items()}


def _pass_on(registration, name):
    MyDay(registration).post("pass-on/", {"name": name, "email": f"{name.lower()}@example.org"})
    passing = Transfer.objects.get(state="open")
    Client().post(path_of(links.transfer(passing)), {"answer": "yes", "name": name})
    return Registration.objects.get(pk=registration.pk)


def test_a_place_that_is_passed_on_and_back_is_theirs_again(day):
    from registrations import calendar_files
    from registrations.messages import emails
    from registrations.models import Message

    files = [calendar_files.for_registration(day.ada).decode()]
    with_cai = _pass_on(day.ada, "Cai")
    files.append(emails.write(Message.objects.get(kind="transferred")).calendar)
    back = _pass_on(with_cai, "Ada")
    files.append(calendar_files.for_registration(back).decode())
    assert _kept(files[:2])[str(day.b1.uid)] == "CANCELLED" and _kept(files)[str(day.b1.uid)] == "CONFIRMED"


def test_who_cancels_and_registers_again_has_the_day_again(day):
    from registrations import calendar_files

    files = [calendar_files.for_registration(day.ada).decode()]
    booking.cancel(day.ada, NOW)
    files.append(calendar_files.for_registration(Registration.objects.get(pk=day.ada.pk)).decode())
    again = register(day, "Ada", take=day.b1)
    assert again.pk != day.ada.pk
    files.append(calendar_files.for_registration(again).decode())
    assert _kept(files[:2])[str(day.event.uid)] == "CANCELLED" and set(_kept(files).values()) == {"CONFIRMED"}
