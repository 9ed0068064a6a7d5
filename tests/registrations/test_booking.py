"""Registering, changing workshops and cancelling, by one person at a time."""

import unicodedata
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Event, Status
from registrations import booking, invariants
from registrations.answering.answers import Needs, Payer, Quote, Wish
from registrations.models import (
    AccessNeeds,
    AccessNeedsLog,
    Draft,
    DraftAccess,
    Invoice,
    Message,
    Places,
    Registration,
    TicketType,
    WorkshopChoice,
)
from registrations.problems import AlreadyRegistered, Refused, Why
from tests.builders import london, make_listing, make_room, make_session, make_workshop
from tests.registrations.builders import (
    MINUTE,
    NOW,
    answers,
    change,
    edit,
    make_day,
    make_ticket_type,
    register,
    state,
    wishes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_broken(request):
    """After each test the invariants hold."""
    yield
    connection.check_constraints()
    assert invariants.broken(NOW) == []


def refusals(work):
    """Return why this is refused, and at which question."""
    with pytest.raises(Refused) as refused:
        work()
    assert all(problem.message.endswith(".") for problem in refused.value.problems)
    return [(problem.why, problem.field) for problem in refused.value.problems]


def kinds(registration=None):
    """Return the kinds of the messages queued, in order."""
    found = Message.objects.all() if registration is None else registration.messages.all()
    return list(found.order_by("pk").values_list("kind", flat=True))


# Registering.


def test_somebody_registers_for_the_day_and_a_workshop_in_each_series():
    day = make_day()
    ada = register(day, "Ada", take=[day.a1, day.b2])
    assert state(ada) == "confirmed 1A, 2B"
    assert Places.objects.get(session=day.a1).taken == 1
    assert Places.objects.of_events().get(event=day.event).taken == 1


def test_a_registration_keeps_what_was_answered():
    day = make_day()
    given = {"organisation": "The Long Table", "job_title": "Cook", "pronouns": "she/her", "is_member": True}
    ada = register(day, "  Ada  Ní Bhriain ", badge_name="Ada", phone="020 7946 0000", **given)
    stored = Registration.objects.get(pk=ada.pk)
    assert (stored.name, stored.badge_name, stored.name_key) == ("Ada  Ní Bhriain", "Ada", "ada ni bhriain")
    assert {name: getattr(stored, name) for name in given} == given
    assert (stored.photo_consent, stored.mailing_consent, stored.wants_bursary) == (False, False, False)
    assert (stored.created_at, stored.link_number, stored.status) == (NOW, 1, "confirmed")


def test_a_registration_names_nobody_in_the_log():
    day = make_day()
    ada = register(day, "Ada", take=day.a1, needs=Needs(bsl=True))
    personal = [ada, ada.choices.get(), ada.access_needs, ada.messages.get(), AccessNeedsLog.objects.get()]
    assert all("Ada" not in str(row) and ada.reference in str(row) for row in personal)


def test_the_history_holds_no_word_that_somebody_typed():
    day = make_day()
    register(day, "Ada Lovelace", organisation="The Long Table", take=day.a1)
    entry, choice = Registration.history.get(), WorkshopChoice.history.get()
    stored = " ".join(str(value) for value in [*vars(entry).values(), *vars(choice).values()])
    assert (entry.status, entry.history_date, choice.state) == ("confirmed", NOW, "confirmed")
    assert "Ada" not in stored and "Long Table" not in stored and "example.org" not in stored


def test_access_needs_are_kept_apart_and_giving_them_is_logged_without_them():
    day = make_day()
    ada = register(day, needs=Needs(bsl=True, dietary=" vegan "))
    assert (ada.access_needs.bsl, ada.access_needs.dietary, ada.access_needs.step_free) == (True, "vegan", False)
    log = ada.access_needs_log.get()
    assert (log.user, log.when, log.action) == (None, NOW, "given")


@pytest.mark.parametrize("needs", [None, Needs()])
def test_no_needs_make_no_row(needs):
    register(make_day(), needs=needs)
    assert AccessNeeds.objects.count() == AccessNeedsLog.objects.count() == 0


def test_confirming_empties_the_draft_and_deletes_its_access_answers():
    day = make_day()
    draft = Draft.objects.create(event=day.event, answers={"name": "Ada"}, created_at=NOW, touched_at=NOW)
    DraftAccess.objects.create(draft=draft, answers={"bsl": True})
    ada = register(day, key=draft.key)
    draft.refresh_from_db()
    assert (draft.answers, draft.registration) == ({}, ada)
    assert DraftAccess.objects.count() == 0


def test_one_message_is_queued_with_what_the_writer_saw_and_nothing_of_needs():
    day = make_day(places=(1, None))
    register(day, take=day.a1)
    ada = register(day, "Ada", take=day.b1, wait=day.a1, needs=Needs(bsl=True, other="Signs"))
    message = ada.messages.get()
    workshops = {row["session"]: (row["state"], row["position"]) for row in message.facts["workshops"]}
    assert workshops == {day.b1.pk: ("confirmed", None), day.a1.pk: ("waiting", 1)}
    assert (message.kind, message.recipient, message.state) == ("confirmed", "ada@example.org", "queued")
    assert (message.facts["status"], message.facts["price"], message.due_at) == ("confirmed", 0, NOW)
    assert "Signs" not in str(message.facts) and "bsl" not in str(message.facts)


@pytest.mark.parametrize("capacity", [None, 0])
@pytest.mark.parametrize(
    "asked",
    [
        {"wants_bursary": True},
        {"needs": Needs(please_call=True)},
        {"wants_bursary": True, "needs": Needs(please_call=True, other="SECRET")},
    ],
)
def test_who_asks_to_hear_from_us_is_told_to_the_team_once_and_not_why(asked, capacity):
    ada = register(make_day(event_capacity=capacity), "Ada", **asked)
    assert kinds(ada) == ["confirmed" if capacity is None else "waiting", "team_wanted"]
    message = ada.messages.get(kind="team_wanted")
    assert message.recipient == "events@example.org"
    assert "SECRET" not in str(message.facts) and "Ada" not in str(message.facts)


def test_a_colleague_and_somebody_who_telephones_are_told_to_the_team_too():
    day = make_day()
    ada = register(day, "Ada")
    bea = register(day, "Bea", invoice=ada.invoice, needs=Needs(please_call=True))
    cai = register(day, "Cai", email="", by_staff=True, wants_bursary=True)
    assert (kinds(bea), kinds(cai)) == (["confirmed", "team_wanted"], ["team_wanted"])


def test_who_does_not_ask_is_not_told_to_the_team():
    assert kinds(register(make_day(), needs=Needs(bsl=True, other="Ring twice"))) == ["confirmed"]


def test_message_ids_differ():
    day = make_day()
    register(day), register(day)
    first, second = Message.objects.values_list("message_id", flat=True)
    assert first != second and first.startswith("<") and first.endswith(">") and "@" in first


# One submission.


def test_the_same_key_again_is_the_first_registration_even_with_other_answers():
    day = make_day()
    key = uuid.uuid4()
    ada = register(day, "Ada", key=key, take=day.a1)
    again = register(day, "Somebody else", key=key, take=day.b1)
    assert (again, state(again), again.name) == (ada, "confirmed 1A", "Ada")
    assert (Registration.objects.count(), kinds()) == (1, ["confirmed"])


def test_the_same_key_again_is_the_first_registration_even_when_booking_has_closed():
    day = make_day(booking_closes=NOW + MINUTE)
    key = uuid.uuid4()
    assert register(day, key=key) == register(day, key=key, now=NOW + 2 * MINUTE)


def test_a_key_used_for_another_event_is_that_first_registration():
    day, other = make_day(), make_day()
    key = uuid.uuid4()
    assert register(day, key=key) == register(other, key=key)


def test_a_reference_that_somebody_has_is_made_anew(monkeypatch):
    day = make_day()
    drawn = iter(["CL-AAAA-AAAA", "CL-AAAA-AAAA", "CL-BBBB-BBBB"])
    monkeypatch.setattr("registrations.references.new", lambda: next(drawn))
    assert [register(day).reference, register(day).reference] == ["CL-AAAA-AAAA", "CL-BBBB-BBBB"]


# The same person twice.


def test_the_same_name_and_address_again_writes_nothing_but_a_message_to_the_holder():
    day = make_day()
    ada = register(day, "Zoë Ní Bhriain", email="Zoe@Example.org", take=day.a1)
    with pytest.raises(AlreadyRegistered):
        register(day, " zoe  NI BHRIAIN", email="zoe@example.ORG", take=day.b1)
    assert (Registration.objects.count(), state(ada), kinds()) == (
        1,
        "confirmed 1A",
        ["confirmed", "already_registered"],
    )
    assert ada.messages.last().recipient == "Zoe@Example.org"


def test_the_holder_is_reminded_once_an_hour_at_most():
    day = make_day()
    register(day, "Ada")
    for now in (NOW, NOW + 59 * MINUTE, NOW + 61 * MINUTE):
        with pytest.raises(AlreadyRegistered):
            register(day, "Ada", now=now)
    assert kinds() == ["confirmed", "already_registered", "already_registered"]


def test_the_same_address_with_another_name_is_a_new_registration():
    day = make_day()
    register(day, "Ada", email="office@example.org")
    assert register(day, "Bea", email="office@example.org").is_confirmed


def test_the_same_name_and_address_at_another_event_is_a_new_registration():
    assert register(make_day(), "Ada").is_confirmed and register(make_day(), "Ada").is_confirmed


def test_who_has_cancelled_can_register_again():
    day = make_day()
    booking.cancel(register(day, "Ada"), NOW)
    assert register(day, "Ada").is_confirmed


def test_two_people_without_an_address_may_have_one_name():
    day = make_day()
    assert [register(day, "Ada", email="", by_staff=True).is_confirmed for _ in range(2)] == [True, True]
    assert Message.objects.count() == 0


# When booking is possible at all.


@pytest.mark.parametrize(
    ("values", "now", "why"),
    [
        ({"status": Status.DRAFT}, NOW, Why.NOT_BOOKABLE),
        ({"status": Status.CANCELLED}, NOW, Why.NOT_BOOKABLE),
        ({"outside_url": "https://tickets.example.org/"}, NOW, Why.NOT_BOOKABLE),
        ({}, london(17), Why.NOT_BOOKABLE),
        ({"booking_opens": NOW + MINUTE}, NOW, Why.NOT_OPEN_YET),
        ({"booking_closes": NOW}, NOW, Why.CLOSED),
    ],
)
def test_nobody_registers_for_an_event_that_cannot_be_booked_now(values, now, why):
    day = make_day(**values)
    assert refusals(lambda: register(day, now=now)) == [(why, "")]
    assert Registration.objects.count() == 0


@pytest.mark.parametrize("values", [{"booking_opens": NOW}, {"booking_closes": NOW + MINUTE}])
def test_booking_is_open_from_its_first_to_its_last_moment(values):
    assert register(make_day(**values)).is_confirmed


@pytest.mark.parametrize("values", [{"booking_opens": NOW + MINUTE}, {"booking_closes": NOW}])
def test_staff_register_people_before_booking_opens_and_after_it_closes(values):
    assert register(make_day(**values), by_staff=True).is_confirmed


def test_nobody_registers_for_a_listing_or_for_an_event_that_is_gone():
    day = make_day()
    day.event = make_listing()
    assert refusals(lambda: register(day)) == [(Why.NOT_BOOKABLE, "")]
    day.event = Event(pk=10**9)
    assert refusals(lambda: register(day)) == [(Why.NOT_BOOKABLE, "")]


# Details.


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"name": " \0 "}, (Why.MISSING, "name")),
        ({"email": ""}, (Why.MISSING, "email")),
        ({"email": "ada@"}, (Why.NO_ADDRESS, "email")),
        ({"email": "ada@example.org\nBcc: x@example.org"}, (Why.NO_ADDRESS, "email")),
        ({"name": "A" * 201}, (Why.TOO_LONG, "name")),
        ({"organisation": "A" * 201}, (Why.TOO_LONG, "organisation")),
        ({"needs": Needs(other="A" * 2001)}, (Why.TOO_LONG, "other")),
        ({"payer": Payer("P", purchase_order="1" * 61)}, (Why.TOO_LONG, "invoice_purchase_order")),
        ({"payer": Payer("P", email="no")}, (Why.NO_ADDRESS, "invoice_email")),
    ],
)
def test_details_that_are_missing_or_wrong_are_named(values, refusal):
    day = make_day()
    name = values.pop("name", "Ada")
    given = {"email": "ada@example.org"} | values
    assert refusals(lambda: register(day, name, **given)) == [refusal]
    assert Registration.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["Nguyễn Thị Hà", "Ọlájùmọ̀kẹ́", "李小龍", "محمد", "=1+1", "<script>", "ﷺ" * 200, "A" * 200]
)
def test_any_name_can_be_registered(name):
    assert register(make_day(), name, email="a@example.org").name == unicodedata.normalize("NFC", name)


# Tickets and prices.


def test_the_price_that_was_shown_is_the_price_agreed():
    day = make_day()
    day.ticket = make_ticket_type(day.event, "Paid", 5000)
    ada = register(day, payer=Payer("The Long Table", purchase_order="PO 7"))
    assert (ada.price_agreed, ada.invoice.payer, ada.invoice.state) == (5000, "The Long Table", "to_invoice")
    assert ada.invoice.purchase_order == "PO 7"


def test_a_free_place_has_no_invoice():
    assert register(make_day(), payer=Payer("The Long Table")).invoice is None


def test_a_paid_place_needs_a_payer():
    day = make_day()
    day.ticket = make_ticket_type(day.event, "Paid", 5000)
    assert refusals(lambda: register(day)) == [(Why.MISSING, "invoice_payer")]
    assert refusals(lambda: register(day, payer=Payer("  "))) == [(Why.MISSING, "invoice_payer")]


@pytest.mark.parametrize(("minutes", "outcome"), [(0, 5000), (30, 5000), (31, Why.PRICE_CHANGED)])
def test_a_price_that_has_risen_holds_for_half_an_hour(minutes, outcome):
    day = make_day()
    day.ticket = make_ticket_type(day.event, "Paid", 7000)
    quote, now = Quote(day.ticket.pk, 5000, NOW), NOW + minutes * MINUTE
    work = lambda: register(day, quote=quote, now=now, payer=Payer("P"))  # noqa: E731
    if outcome == 5000:
        assert work().price_agreed == 5000
    else:
        assert refusals(work) == [(outcome, "ticket_type")]


def test_the_early_bird_that_was_shown_holds_for_half_an_hour_after_its_end():
    day = make_day()
    day.ticket = make_ticket_type(day.event, "Early bird", 0, available_until=NOW + MINUTE)
    quote = Quote(day.ticket.pk, 0, NOW)
    assert register(day, quote=quote, now=NOW + 30 * MINUTE).is_confirmed
    late = refusals(lambda: register(day, quote=quote, now=NOW + 31 * MINUTE))
    assert late == [(Why.TICKET_NOT_ON_SALE, "ticket_type")]


def test_an_hour_at_the_check_page_is_no_matter_while_the_price_is_the_same():
    day = make_day()
    assert register(day, quote=Quote(day.ticket.pk, 0, NOW), now=NOW + 60 * MINUTE).is_confirmed


def test_a_ticket_that_has_run_out_brings_its_question_back():
    day = make_day(ticket_capacity=1)
    register(day)
    assert refusals(lambda: register(day)) == [(Why.TICKET_SOLD_OUT, "ticket_type")]


def test_a_ticket_of_another_event_or_of_none_is_unknown():
    day, other = make_day(), make_day()
    for key in (other.ticket.pk, 10**9):
        assert refusals(lambda key=key: register(day, quote=Quote(key, 0, NOW))) == [
            (Why.TICKET_UNKNOWN, "ticket_type")
        ]


@pytest.mark.parametrize("code", ["LOOM-10", "loom 10", "l00m1o", "L o O m–I0"])
def test_an_invitation_code_may_be_read_out(code):
    day = make_day()
    day.ticket = make_ticket_type(day.event, "Invited", invitation_code="Loom-10")
    assert register(day, invitation_code=code).is_confirmed


def test_a_code_of_no_letters_lets_nobody_in():
    day = make_day()
    day.ticket = make_ticket_type(day.event, "Invited")
    TicketType.objects.filter(pk=day.ticket.pk).update(invitation_code="---")  # as it could be saved once
    for given in ("", "---", "x"):
        assert refusals(lambda given=given: register(day, invitation_code=given)) == [
            (Why.CODE_WRONG, "invitation_code")
        ]


@pytest.mark.parametrize("code", ["", "LOOM-11", "LOOM"])
def test_without_the_code_there_is_no_invited_ticket(code):
    day = make_day()
    day.ticket = make_ticket_type(day.event, "Invited", invitation_code="Loom-10")
    assert refusals(lambda: register(day, invitation_code=code)) == [(Why.CODE_WRONG, "invitation_code")]


# One payer, several people.


@pytest.fixture
def paid():
    day = make_day(event_capacity=2)
    day.ticket = make_ticket_type(day.event, "Paid", 5000)
    return day


def test_a_colleague_goes_on_the_same_invoice(paid):
    ada = register(paid, payer=Payer("The Long Table"))
    bea = register(paid, invoice=ada.invoice)
    assert (bea.invoice, Invoice.objects.count()) == (ada.invoice, 1)


def test_an_invoice_that_was_sent_is_never_added_to(paid):
    ada = register(paid, payer=Payer("The Long Table"))
    Invoice.objects.update(state="invoiced")
    bea = register(paid, invoice=ada.invoice)
    assert (bea.invoice.payer, bea.invoice.state) == ("The Long Table", "to_invoice")
    assert bea.invoice != ada.invoice


def test_who_only_waits_owes_nothing_yet_and_is_asked_once_they_have_a_place(paid):
    ada, _, cai = (register(paid, payer=Payer(f"Payer {number}")) for number in range(3))
    assert (state(cai), cai.invoice.state) == ("waiting", "nothing_due")
    booking.cancel(ada, NOW)
    cai.invoice.refresh_from_db()
    assert (state(cai), cai.invoice.state) == ("confirmed", "to_invoice")


def test_a_colleague_who_waits_leaves_the_invoice_due(paid):
    ada = register(paid, payer=Payer("The Long Table"))
    register(paid, payer=Payer("Another"))
    register(paid, invoice=ada.invoice)
    ada.invoice.refresh_from_db()
    assert ada.invoice.state == "to_invoice"


@pytest.mark.parametrize(
    ("before", "after"), [("to_invoice", "nothing_due"), ("invoiced", "nothing_due"), ("paid", "to_refund")]
)
def test_cancelling_settles_the_invoice(paid, before, after):
    ada = register(paid, payer=Payer("The Long Table"))
    Invoice.objects.update(state=before)
    booking.cancel(ada, NOW)
    assert Invoice.objects.get().state == after


def test_cancelling_one_of_two_on_an_invoice_leaves_it_due(paid):
    ada = register(paid, payer=Payer("The Long Table"))
    register(paid, invoice=ada.invoice)
    booking.cancel(ada, NOW)
    assert Invoice.objects.get().state == "to_invoice"


# Workshops.


def test_a_full_workshop_brings_its_question_back_and_nothing_is_written():
    day = make_day(places=(1, None))
    register(day, take=day.a1)
    assert refusals(lambda: register(day, take=[day.a1, day.a2])) == [(Why.WORKSHOP_FULL, f"series-{day.series1.pk}")]
    assert (Registration.objects.count(), WorkshopChoice.objects.count()) == (1, 1)


def test_one_workshop_can_be_held_while_another_of_its_series_is_waited_for():
    day = make_day(places=(1, None))
    register(day, take=day.a1)
    assert state(register(day, take=day.b1, wait=day.a1)) == "confirmed 1B, waits 1A"


def test_a_workshop_with_room_is_not_waited_for():
    day = make_day()
    refusal = (Why.WORKSHOP_HAS_ROOM, f"series-{day.series1.pk}-wait")
    assert refusals(lambda: register(day, wait=day.a1)) == [refusal]


def test_nobody_waits_for_what_they_take():
    day = make_day(places=(1, None))
    assert refusals(lambda: register(day, take=day.a1, wait=day.a1)) == [
        (Why.SAME_TWICE, f"series-{day.series1.pk}-wait")
    ]


def test_a_workshop_of_the_room_holds_as_many_as_the_room():
    day = make_day()
    small = make_workshop(day.series1, "C", 11, room=make_room(capacity=1))
    register(day, take=small)
    assert refusals(lambda: register(day, take=small)) == [(Why.WORKSHOP_FULL, f"series-{day.series1.pk}")]


@pytest.mark.parametrize("values", [{"title": ""}, {"status": Status.CANCELLED}, {"status": Status.DRAFT}])
def test_what_is_not_announced_or_will_not_be_cannot_be_chosen(values):
    day = make_day()
    edit(day.a1, **values)
    refusal = (Why.WORKSHOP_NOT_CHOOSABLE, f"series-{day.series1.pk}")
    assert refusals(lambda: register(day, take=day.a1)) == [refusal]


def test_what_has_begun_cannot_be_chosen():
    day = make_day()
    refusal = (Why.WORKSHOP_NOT_CHOOSABLE, f"series-{day.series1.pk}")
    assert refusals(lambda: register(day, take=day.a1, now=london(11))) == [refusal]


def test_a_workshop_of_another_series_or_event_or_of_none_is_unknown():
    day, other = make_day(), make_day()
    plenary = make_session(day.event, 15)
    field = f"series-{day.series1.pk}"
    for key in (day.a2.pk, other.a1.pk, plenary.pk, 10**9):
        given = {day.series1.pk: Wish(place=key)}
        assert refusals(lambda given=given: register(day, wishes=given)) == [(Why.WORKSHOP_UNKNOWN, field)]
        given = {day.series1.pk: Wish(wait=key)}
        assert refusals(lambda given=given: register(day, wishes=given)) == [(Why.WORKSHOP_UNKNOWN, f"{field}-wait")]


def test_two_workshops_at_the_same_time_are_refused_by_name():
    day = make_day(hours=(11, 11))
    with pytest.raises(Refused, match="“1A: Workshop 1A” and “2B: Workshop 2B” are at the same time"):
        register(day, take=[day.a1, day.b2])


def test_waiting_for_what_overlaps_one_s_own_workshop_is_refused():
    day = make_day(hours=(11, 11), places=(1, None))
    register(day, take=day.a2, wait=())
    refusal = (Why.CLASH, f"series-{day.series2.pk}-wait")
    assert refusals(lambda: register(day, take=day.b1, wait=day.a2)) == [refusal]


def test_workshops_one_after_the_other_do_not_clash():
    day = make_day(hours=(11, 12))
    assert state(register(day, take=[day.a1, day.a2])) == "confirmed 1A, 2A"


# The event's own waiting list.


def test_when_the_event_is_full_people_wait_in_order_and_their_workshops_with_them():
    day = make_day(event_capacity=1)
    register(day)
    ada, bea = register(day, take=day.a1), register(day, take=day.a1, now=NOW + MINUTE)
    assert (state(ada), state(bea)) == ("waiting waits 1A", "waiting waits 1A")
    assert [each.messages.get().facts["position"] for each in (ada, bea)] == [1, 2]
    assert (ada.messages.get().kind, Places.objects.get(session=day.a1).taken) == ("waiting", 0)


def test_on_the_event_s_waiting_list_one_workshop_a_series_can_be_asked_for():
    day = make_day(event_capacity=1, places=(1, None))
    register(day, take=day.a1)
    refusal = (Why.ONE_WISH, f"series-{day.series1.pk}")
    assert refusals(lambda: register(day, take=day.b1, wait=day.a1)) == [refusal]
    assert state(register(day, wait=day.a1)) == "waiting waits 1A"


def test_on_the_event_s_waiting_list_two_workshops_at_once_cannot_be_asked_for():
    day = make_day(event_capacity=0, hours=(11, 11))
    assert [why for why, _ in refusals(lambda: register(day, take=[day.a1, day.a2]))] == [Why.CLASH]


# Changing workshops.


def test_a_swap_gives_the_old_place_back():
    day = make_day(places=(1, 1))
    ada = register(day, take=day.a1)
    change(ada, take=day.b1)
    assert state(ada) == "confirmed 1B"
    assert state(register(day, take=day.a1)) == "confirmed 1A"


def test_what_is_not_named_stays_and_what_is_dropped_goes():
    day = make_day()
    ada = register(day, take=[day.a1, day.a2])
    change(ada, take=day.b1)
    assert state(ada) == "confirmed 1B, 2A"
    change(ada, drop=[day.series2])
    assert state(ada) == "confirmed 1B"


def test_a_swap_that_fails_keeps_everything():
    day = make_day(places=(None, 1))
    register(day, take=day.b1)
    ada = register(day, take=[day.a1, day.a2])
    assert refusals(lambda: change(ada, take=[day.b1, day.b2])) == [(Why.WORKSHOP_FULL, f"series-{day.series1.pk}")]
    assert state(ada) == "confirmed 1A, 2A"


def test_all_series_change_in_one_go_also_where_the_new_would_clash_with_the_old():
    day = make_day()
    edit(day.b2, starts=london(11), ends=london(12))
    late = make_workshop(day.series1, "C", 14)
    ada = register(day, take=[day.a1, day.a2])
    change(ada, take=[late, day.b2])
    assert state(ada) == "confirmed 2B, 1C"


def test_a_change_that_clashes_with_what_stays_is_refused_at_its_own_question():
    day = make_day(hours=(11, 13))
    ada = register(day, take=[day.a1, day.a2])
    edit(day.b1, starts=london(13), ends=london(14))
    assert refusals(lambda: change(ada, take=day.b1)) == [(Why.CLASH, f"series-{day.series1.pk}")]


def test_a_change_to_what_one_has_writes_nothing_and_tells_nothing():
    day = make_day(places=(1, 1))
    register(day, take=day.b1)
    ada = register(day, take=day.a1, wait=day.b1)
    change(ada, take=day.a1, wait=day.b1)
    assert (kinds(ada), WorkshopChoice.history.filter(registration=ada).count()) == (["confirmed"], 2)


def test_somebody_may_keep_a_place_in_what_they_could_not_choose_any_more():
    day = make_day()
    ada = register(day, take=[day.a1, day.a2], now=NOW)
    edit(day.event, capacity=1)
    change(ada, take=[day.a1, day.b2])
    assert state(ada) == "confirmed 1A, 2B"


def test_leaving_and_joining_a_waiting_list_again_is_joining_at_its_end():
    day = make_day(places=(1, None))
    register(day, take=day.a1)
    ada, bea = register(day, wait=day.a1), register(day, wait=day.a1)
    change(ada, drop=[day.series1])
    change(ada, wait=day.a1)
    positions = {row["session"]: row["position"] for row in ada.messages.last().facts["workshops"]}
    assert (positions[day.a1.pk], state(bea)) == (2, "confirmed waits 1A")


def test_a_change_is_told_once():
    day = make_day()
    ada = register(day, take=day.a1)
    change(ada, take=[day.b1, day.b2])
    assert kinds(ada) == ["confirmed", "changed"]


def test_on_the_event_s_waiting_list_wishes_can_be_changed_and_nothing_is_held():
    day = make_day(event_capacity=0, places=(5, 5))
    ada = register(day, take=day.a1)
    change(ada, take=[day.b1, day.a2])
    assert state(ada) == "waiting waits 1B, waits 2A"
    assert Places.objects.filter(taken__gt=0).count() == 0


def test_nothing_is_changed_once_the_event_has_begun_or_is_cancelled_or_the_registration_is():
    day = make_day()
    ada = register(day)
    assert refusals(lambda: change(ada, take=day.a2, now=london(9))) == [(Why.TOO_LATE, "")]
    booking.cancel(ada, NOW)
    assert refusals(lambda: change(ada, take=day.a2)) == [(Why.CANCELLED, "")]
    bea = register(day)
    edit(day.event, status=Status.CANCELLED)
    assert refusals(lambda: change(bea, take=day.a2)) == [(Why.NOT_BOOKABLE, "")]


# Cancelling.


def test_cancelling_frees_every_place_and_is_told():
    day = make_day(event_capacity=1, places=(1, 1))
    ada = register(day, take=[day.a1, day.a2])
    booking.cancel(ada, NOW + MINUTE)
    assert (state(ada), kinds(ada)) == ("cancelled", ["confirmed", "cancelled"])
    assert state(register(day, take=[day.a1, day.a2])) == "confirmed 1A, 2A"
    assert ada.history.get(history_type="~").history_date == NOW + MINUTE


def test_cancelling_twice_is_cancelling_once():
    day = make_day()
    ada = register(day)
    booking.cancel(ada, NOW)
    booking.cancel(ada, NOW + MINUTE)
    assert (kinds(ada), Registration.objects.get().cancelled_at) == (["confirmed", "cancelled"], NOW)
    assert Places.objects.of_events().get(event=day.event).taken == 0


def test_who_waits_and_cancels_leaves_every_line():
    day = make_day(event_capacity=0)
    ada, bea = register(day, take=day.a1), register(day, take=day.a1)
    booking.cancel(ada, NOW)
    change(bea, take=day.b1)
    assert (state(ada), state(bea)) == ("cancelled", "waiting waits 1B")
    assert bea.messages.last().facts["position"] == 1


# What it costs.


@pytest.mark.parametrize("workshops", [1, 6])
def test_registering_takes_as_many_queries_whatever_the_programme(workshops):
    day = make_day()
    for code in "CDEFGH"[: workshops - 1]:
        make_workshop(day.series1, code, 11)
    given = answers(day, take=[day.a1, day.a2], needs=Needs(bsl=True))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        booking.register(day.event, given, uuid.uuid4(), NOW)
    assert len(queries) <= 22, "\n".join(query["sql"][:120] for query in queries)


def test_wishes_are_keyed_by_series():
    day = make_day()
    assert wishes([day.a1], [day.b2]) == {day.series1.pk: Wish(day.a1.pk), day.series2.pk: Wish(None, day.b2.pk)}
