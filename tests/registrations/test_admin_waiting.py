"""What staff see and do about waiting: rules, offers, and who is to be rung."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registrations import booking
from registrations.answering.answers import Wish
from registrations.messages import sending
from registrations.models import Message, MessageState, Offer, Registration, WaitingRules
from registrations.waiting import offers
from tests.admin_pages import add, form_of, listed, of, post, words
from tests.builders import london
from tests.registrations.builders import MINUTE, NOW, change, edit, make_day, register, state
from tests.registrations.staff import TEAM, signed_in
from tests.registrations.test_admin_pages import do
from tests.registrations.test_admin_privacy import EXPORT

pytestmark = pytest.mark.django_db
HOUR = 60 * MINUTE
WAITING = ["view_offer", "change_offer", "change_message", "view_waitingrules"]


@pytest.fixture(autouse=True)
def now(time_machine):
    """The pages of staff read the clock."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def team(db):
    return signed_in(*TEAM, *WAITING)


@pytest.fixture
def day():
    """1A has one place, which Bea has; Hannah, who has no e-mail, holds 1B and is asked about 1A; so is Ada, later."""
    day = make_day(places=(1, 50))
    day.bea = register(day, "Bea", take=day.a1)
    day.hannah = register(day, "Hannah", take=day.b1, email="", phone="020 7946 0001", by_staff=True)
    booking.change_choices(day.hannah, {day.series1.pk: Wish(day.b1.pk, day.a1.pk, ask_first=True)}, NOW)
    day.ada = register(day, "Ada", take=day.b1, wait=day.a1)
    return day


@pytest.fixture
def asked(day):
    """Hannah is asked, and to be rung."""
    booking.cancel(day.bea, NOW)
    day.offer = Offer.objects.get()
    return day


def to_ring():
    return Message.objects.filter(state=MessageState.TO_RING)


HOURS = "Give people between 1 and 72 hours to answer."


class TestRules:
    def test_a_manager_sets_them_in_the_events_own_time(self):
        day = make_day(time_zone="America/New_York")
        manager = signed_in("view_waitingrules", "add_waitingrules", "change_waitingrules")
        page = manager.get(f"{add(WaitingRules)}?event={day.event.pk}")
        assert "Offers that are open stay as they are" in words(page)
        assert "Only the hours from 9am to 6pm count" in words(page)
        given = form_of(page) | {"asks_from_0": "", "asks_from": "2027-06-01T09:00", "offer_hours": "6"}
        saved = manager.post(add(WaitingRules), given, follow=True)
        assert "were added successfully" in words(saved)
        rules = WaitingRules.objects.get()
        assert (rules.event, rules.offer_hours) == (day.event, 6)
        assert rules.asks_from == datetime.datetime(2027, 6, 1, 13, tzinfo=datetime.UTC)
        assert post(manager, of(rules), asks_from="", offer_hours="2").status_code == 302
        rules.refresh_from_db()
        assert (rules.asks_from, rules.offer_hours) == (None, 2)
        assert "Wednesday 9 June 2027 at 4am (as usual)" in words(manager.get(listed(WaitingRules)))

    def test_an_event_has_one_set_of_them(self, admin_client, day):
        WaitingRules.objects.create(event=day.event)
        response = admin_client.post(add(WaitingRules), {"event": day.event.pk, "offer_hours": "5"})
        assert response.status_code == 422 and "This event has rules of its own already" in words(response)

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({"offer_hours": "0"}, HOURS), ({"offer_hours": "73"}, HOURS), ({"offer_hours": "-3"}, HOURS),
            ({"offer_hours": "soon"}, "whole number"), ({"asks_from": "2027-06-16T09:00"}, "before the event starts"),
            ({"asks_from": "0226-06-16T09:00"}, "Check the year"),
        ],
    )  # fmt: skip
    def test_what_makes_no_sense_is_refused_and_kept(self, admin_client, day, given, sentence):
        rules = WaitingRules.objects.create(event=day.event)
        response = post(admin_client, of(rules), **given)
        assert response.status_code == 422 and sentence in words(response)
        assert form_of(response) | given == form_of(response)
        assert WaitingRules.objects.get().offer_hours == 4

    def test_saving_leaves_open_offers_as_they_are(self, admin_client, asked):
        until = asked.offer.until
        rules = WaitingRules.objects.create(event=asked.event)
        post(admin_client, of(rules), offer_hours="1", asks_from="2027-05-01T00:00")
        asked.offer.refresh_from_db()
        assert (asked.offer.until, asked.offer.state) == (until, "open")

    def test_the_team_only_looks(self, team, day):
        rules = WaitingRules.objects.create(event=day.event)
        assert "Only the hours from 9am" in words(team.get(of(rules)))
        assert team.post(of(rules), {"offer_hours": "9"}).status_code == 403
        assert team.get(add(WaitingRules)).status_code == 403


class TestOffers:
    def test_the_list_says_who_is_asked_about_what_until_when_and_how_to_reach_them(self, team, asked):
        expected = (
            f"{asked.hannah} Hannah 1A: Workshop 1A Saturday 1 May 2027 at 2pm Open Ring 020 7946 0001"
        )  # fmt: skip
        assert expected in words(team.get(listed(Offer)))

    def test_those_without_an_address_come_first_also_if_they_have_longer(self, team, asked):
        other = make_day(title="Another", event_capacity=1)
        first, second = register(other, "First"), register(other, "Second")
        Registration.objects.filter(pk=second.pk).update(ask_first=True)
        WaitingRules.objects.create(event=other.event, offer_hours=1)
        booking.cancel(first, NOW)
        text = words(team.get(listed(Offer)))
        assert text.index("Hannah") < text.index("Second A place at the event")
        assert "second@example.org" in text

    def test_it_shows_open_ones_unless_others_are_chosen(self, team, asked):
        def shown(**query):
            return [each.state for each in team.get(listed(Offer), query).context_data["cl"].result_list]

        offers.decline(asked.offer, NOW)
        assert shown() == [] and shown(answer="declined") == ["declined"] and shown(answer="every") == ["declined"]
        assert shown(answer="banana") == [] and shown(answer="taken") == []

    def test_it_is_filtered_by_event_and_workshop(self, team, asked):
        def number(**query):
            return team.get(listed(Offer), query).context_data["cl"].result_count

        assert (number(event=asked.event.pk), number(event=asked.event.pk + 1)) == (1, 0)
        assert number(event=asked.event.pk, workshop=asked.a1.pk) == 1
        assert number(event=asked.event.pk, workshop=asked.b1.pk) == 0

    def test_yes_for_them_swaps_and_they_need_not_be_rung_about_it(self, team, asked):
        page = words(team.get(of(asked.offer, "say_yes")))
        assert "“1B: Workshop 1B” becomes free for it" in page and "tell them on the telephone" in page
        assert state(asked.hannah) == "confirmed 1B, waits 1A"  # to look changes nothing
        assert "has said yes" in words(do(team, asked.offer, "say_yes"))
        assert state(asked.hannah) == "confirmed 1A" and not to_ring().exists()
        assert LogEntry.objects.latest("pk").change_message == "Say yes for them"
        assert "Say yes for them" not in words(team.get(of(asked.offer)))

    def test_no_for_them_lets_the_place_go_to_the_next(self, team, asked):
        assert "keep what they have" in words(team.get(of(asked.offer, "say_no")))
        do(team, asked.offer, "say_no")
        assert state(asked.hannah) == "confirmed 1B" and state(asked.ada) == "confirmed 1A"
        assert not to_ring().exists()

    def test_no_to_the_event_says_that_it_cancels(self, team):
        day = make_day(event_capacity=1)
        first, second = register(day, "First"), register(day, "Second")
        Registration.objects.filter(pk=second.pk).update(ask_first=True)
        booking.cancel(first, NOW)
        offer = Offer.objects.get()
        assert "asked; answer until Saturday 1 May 2027 at 2pm" in words(team.get(listed(Registration)))
        assert "Their registration is cancelled" in words(team.get(of(offer, "say_no")))
        do(team, offer, "say_no")
        assert state(second) == "cancelled"

    @pytest.mark.parametrize("deed", ["say_yes", "say_no"])
    def test_an_answer_that_comes_too_late_is_refused_with_a_sentence(self, team, asked, deed, time_machine):
        time_machine.move_to(asked.offer.until)
        assert "Its time is over" in words(team.get(listed(Offer)))
        assert "no longer kept" in words(do(team, asked.offer, deed))
        assert state(asked.hannah) == "confirmed 1B, waits 1A" and to_ring().count() == 1

    def test_twice_is_once(self, team, asked):
        address = of(asked.offer, "say_yes")
        for _ in range(2):
            response = team.post(address, {"confirmed": "yes"}, follow=True)
        assert "no longer kept" in words(response) and state(asked.hannah) == "confirmed 1A"
        assert "Nothing will happen" in words(team.get(address))

    def test_several_are_answered_after_one_question(self, team, asked):
        data = {"action": "say_no", "_selected_action": asked.offer.pk}
        assert "Do they not want the place?" in words(team.post(listed(Offer), data))
        team.post(listed(Offer), data | {"confirmed": "yes"})
        assert Offer.objects.get(pk=asked.offer.pk).state == "declined"

    def test_who_may_only_look_answers_for_nobody(self, asked):
        viewer = signed_in("view_offer")
        assert "Say yes" not in words(viewer.get(of(asked.offer)))
        for deed in ("say_yes", "say_no"):
            assert viewer.post(of(asked.offer, deed), {"confirmed": "yes"}).status_code == 403
            data = {"action": deed, "_selected_action": asked.offer.pk, "confirmed": "yes"}
            viewer.post(listed(Offer), data)
        assert Offer.objects.get().state == "open"

    def test_a_key_that_is_none_is_a_bad_request(self, team, asked):
        data = {"action": "say_no", "_selected_action": "banana"}
        assert team.post(listed(Offer), data).status_code == 400

    def test_nobody_edits_an_offer(self, team, asked):
        team.post(of(asked.offer), {"state": "taken"})
        assert Offer.objects.get().state == "open"


class TestRinging:
    def test_they_are_listed_with_name_and_number(self, team, asked):
        text = words(team.get(listed(Message), {"state__exact": "to_ring"}))
        assert "A place is kept for you: do you want it? Hannah , 020 7946 0001" in text
        assert team.get(listed(Message), {"state__exact": "to_ring"}).context_data["cl"].result_count == 1

    def test_one_who_has_given_an_address_since_was_not_sent_it(self, team, asked):
        message = to_ring().get()
        assert "given an e-mail address since" not in words(team.get(of(message)))
        post(team, of(message.registration), email="hannah@example.org")
        assert "They have given an e-mail address since. This was not sent to it" in words(team.get(of(message)))

    def test_who_has_no_number_either_is_told_apart(self, team, asked):
        Registration.objects.filter(pk=asked.hannah.pk).update(phone="")
        assert "Hannah , no telephone number" in words(team.get(listed(Message)))
        assert "Ring them: there is no number" in words(team.get(listed(Offer)))

    def test_the_words_can_be_read_out(self, team, asked):
        text = words(team.get(of(to_ring().get())))
        assert "Dear Hannah," in text and "until Saturday 1 May 2027 at 2pm. Do you want it?" in text
        assert "http" not in text.partition("Dear Hannah")[2]
        assert "attached" not in text and "personal-link" not in text and "own page" not in text
        assert "Their answer is noted under Offers" in text and "look at the offer before you ring" not in text

    def test_when_the_time_to_answer_is_over_the_page_says_so(self, team, asked, time_machine):
        time_machine.move_to(asked.offer.until)
        assert "look at the offer before you ring" in words(team.get(of(to_ring().get())))

    def test_whoever_was_moved_hears_of_it_too(self, team, day):
        booking.change_choices(day.hannah, {day.series1.pk: Wish(day.b1.pk)}, NOW)
        change(day.hannah, take=day.b1, wait=day.a1)
        booking.change_choices(day.ada, {day.series1.pk: Wish(day.b1.pk)}, NOW)
        booking.cancel(day.bea, NOW)
        text = words(team.get(of(to_ring().get())))
        assert (
            "You now have a place in the workshop 1A Workshop 1A." in text and "Offers" not in text.split("Words")[-1]
        )

    def test_marked_as_told_it_leaves_the_list_and_who_did_it_is_kept(self, team, asked):
        message = to_ring().get()
        assert "It leaves the list of those to be rung" in words(team.get(of(message, "mark_told")))
        assert to_ring().exists()
        assert "was told." in words(do(team, message, "mark_told"))
        message.refresh_from_db()
        assert message.state == "told" and LogEntry.objects.latest("pk").change_message == "Mark as told"
        page = words(team.get(of(message)))
        assert "It was read out" in page and "Mark as told" not in page
        assert "Mark as told" in words(team.get(of(message, "history")))

    def test_each_time_is_said_as_on_the_site(self, team, asked):
        """One page said “Queued … 10am” beside “Sent … 10 a.m.”."""
        message, told = asked.ada.messages.first(), to_ring().get()
        assert "Sent: Not yet" in words(team.get(of(message)))
        Message.objects.filter(pk=message.pk).update(state="sent", sent_at=NOW + MINUTE, text="Words")
        do(team, told, "mark_told")
        page, history = words(team.get(of(message))), words(team.get(of(told, "history")))
        assert "Queued: Saturday 1 May 2027 at 10am" in page and "Sent: Saturday 1 May 2027 at 10:01am" in page
        assert "Saturday 1 May 2027 at 10am ruth Mark as told" in history
        assert "a.m." not in page + history + words(team.get(listed(Message)))
        assert "Nobody of staff has done anything" in words(team.get(of(message, "history")))

    def test_twice_is_said(self, team, asked):
        message = to_ring().get()
        for _ in range(2):
            response = team.post(of(message, "mark_told"), {"confirmed": "yes"}, follow=True)
        assert "Somebody has told them already" in words(response)

    def test_what_is_sent_cannot_be_told(self, team, day):
        message = day.ada.messages.first()
        response = team.post(of(message, "mark_told"), {"confirmed": "yes"}, follow=True)
        assert "nothing to ring about" in words(response)
        message.refresh_from_db()
        assert message.state == "queued"

    def test_who_may_only_look_marks_nothing(self, asked):
        viewer = signed_in("view_message")
        message = to_ring().get()
        assert "Mark as told" not in words(viewer.get(of(message)))
        assert viewer.post(of(message, "mark_told"), {"confirmed": "yes"}).status_code == 403
        viewer.post(listed(Message), {"action": "mark_told", "_selected_action": message.pk, "confirmed": "yes"})
        assert to_ring().exists()

    def test_the_worker_never_touches_them(self, asked):
        Message.objects.exclude(state=MessageState.TO_RING).delete()
        much_later = NOW + datetime.timedelta(days=10)
        assert sending.claim(much_later) is None
        message = to_ring().get()
        Message.objects.update(state=MessageState.TOLD)
        assert sending.claim(much_later) is None and message.attempts == 0
        # The control: the same message, to be sent, is claimed.
        Message.objects.update(state=MessageState.QUEUED, recipient="hannah@example.org")
        assert sending.claim(much_later) == message

    def test_the_registration_and_its_list_say_it(self, team, asked):
        text = words(team.get(of(asked.hannah)))
        assert "do you want it?, to Hannah , 020 7946 0001 – to be rung" in text
        assert [
            each.name for each in team.get(listed(Registration), {"message": "ring"}).context_data["cl"].result_list
        ] == ["Hannah"]
        assert "Nothing To be rung" in words(team.get(listed(Registration), {"q": "Hannah"}))
        do(team, to_ring().get(), "mark_told")
        assert "Nothing Told by telephone" in words(team.get(listed(Registration), {"q": "Hannah"}))

    def test_an_address_that_was_erased_is_said(self, team, day):
        Message.objects.filter(registration=day.ada).update(state="sent", sent_at=NOW, recipient="")
        text = words(team.get(listed(Message)))
        assert "an address erased since" in text
        assert "Deleted since." in words(team.get(of(day.ada.messages.first())))


class TestRegistrations:
    UNTIL = "asked; answer until Saturday 1 May 2027 at 2pm"

    def test_list_page_and_file_say_that_they_are_asked(self, team, asked):
        assert f"1B; waits for 1A (1st; {self.UNTIL})" in words(team.get(listed(Registration)))
        assert f"on the waiting list, 1st; {self.UNTIL}" in words(team.get(of(asked.hannah)))
        assert f"on the waiting list, 1st; {self.UNTIL}" in words(team.get(of(asked.hannah, "workshops")))
        assert f"1B; waits for 1A (1st; {self.UNTIL})" in team.get(EXPORT).content.decode()
        offers.decline(asked.offer, NOW)
        assert "asked" not in team.get(EXPORT).content.decode()

    def test_markup_in_a_name_does_nothing_on_any_of_these_pages(self, team, day):
        Registration.objects.filter(pk=day.hannah.pk).update(name="<b>Hannah</b>", phone="<b>1</b>")
        edit(day.a1, title="<b>Bold</b>")
        booking.cancel(day.bea, NOW)
        offer, message = Offer.objects.get(), to_ring().get()
        pages = [of(offer), of(offer, "say_yes"), of(message), of(message, "mark_told"), listed(Offer), listed(Message)]
        for address in pages:
            source = team.get(address).content.decode()
            assert "<b>" not in source and "&lt;b&gt;" in source, address

    def test_a_page_to_read_out_costs_no_more_for_many_in_line(self, team, asked):
        address = of(to_ring().get())
        team.get(address)

        def questions():
            with CaptureQueriesContext(connection) as counted:
                assert team.get(address).status_code == 200
            return len(counted)

        few = questions()
        for _ in range(10):
            register(asked, take=asked.b2, wait=asked.a1)
        assert questions() == few


def test_the_hours_of_the_page_are_the_hours_of_the_offer(admin_client, day):
    """The rules that staff save are those by which the next place is offered."""
    rules = WaitingRules.objects.create(event=day.event)
    assert post(admin_client, of(rules), offer_hours="2", asks_from="2027-05-01T09:00").status_code == 302
    booking.cancel(day.bea, NOW)
    assert Offer.objects.get().until == london(12, day=NOW.date())
