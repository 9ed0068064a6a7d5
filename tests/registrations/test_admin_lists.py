"""The lists of bookings in the admin: what they say, what they find, what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registrations import booking
from registrations.answering.answers import Needs
from registrations.models import (
    AccessNeedsLog,
    Invoice,
    Message,
    Offer,
    Registration,
    TicketType,
    WaitingRules,
    WorkshopChoice,
)
from registrations.tickets import invoices
from tests.admin_pages import listed, of, words
from tests.registrations.builders import NOW, change, register
from tests.registrations.staff import a_busy_day, a_paying, a_superuser

pytestmark = pytest.mark.usefixtures("undone")

MODELS = [Registration, Invoice, TicketType, WorkshopChoice, Offer, Message, WaitingRules, AccessNeedsLog]


@pytest.fixture
def day(busy_day):
    return busy_day


@pytest.fixture
def admin_client(undone):
    return a_superuser()


def names(client, **query):
    return {each.name for each in client.get(listed(Registration), query).context_data["cl"].result_list}


@pytest.mark.parametrize("typed", ["020 7946 0000", "02079460000", "+44 20 7946 0000", "7946 0000"])
def test_somebody_is_found_by_their_number(day, admin_client, typed):
    a_paying(day, "Anna", phone="(020) 7946-0000", email="", by_staff=True), a_paying(day, "Ben", phone="020 7946 0001")
    assert names(admin_client, q=typed) == {"Anna"}


def test_and_by_who_pays(day, admin_client):
    a_paying(day, "Anna", "Ministry of Örder"), a_paying(day, "Ben", "The Long Table")
    assert names(admin_client, q="ministry order") == {"Anna"}


def queries_of(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def grow(number):
    """Fill an event of its own: one with places, one waiting for both workshops A and with needs.

    That one is asked about one of them, and to be rung.
    """
    day = a_busy_day(title=f"Day {number}", event_capacity=2)
    anna = a_paying(day, take=[day.a1, day.a2])
    a_paying(day, "Ben", wait=[day.a1, day.a2], needs=Needs(bsl=True), email="", by_staff=True)
    a_paying(day, "Cas", take=[day.b1])
    change(anna, take=[day.b1])
    WaitingRules.objects.create(event=day.event)


def test_a_list_of_ninety_costs_as_much_as_a_list_of_three(admin_client):
    grow(0)
    for model in MODELS:
        admin_client.get(listed(model))
    one = [queries_of(admin_client, listed(model)) for model in MODELS]
    for number in range(1, 30):
        grow(number)
    assert [queries_of(admin_client, f"{listed(model)}?all=") for model in MODELS] == one
    assert len(admin_client.get(f"{listed(Registration)}?all=").context_data["cl"].result_list) == 90
    assert Offer.objects.open().count() == Message.objects.filter(state="to_ring").count() == 30


def test_the_list_answers_who_where_what_and_how_much(admin_client, day):
    a_paying(day, organisation="Hall House", take=[day.a1, day.b2])
    register(day, "Ben", take=[day.b1], wait=[day.a1])
    text = words(admin_client.get(listed(Registration)))
    assert "Anna Confirmed 1A, 2B £50, to be invoiced To be sent Hall House Annual conference" in text
    assert "Ben Confirmed 1B; waits for 1A (1st) Nothing To be sent - Annual conference" in text


def test_the_kind_of_ticket_is_on_no_list_and_the_page_of_a_registration_has_it(admin_client, day):
    """Attendees are promised so at step 2."""
    somebody = a_paying(day)
    for address in (listed(Registration), f"{listed(Registration)}?event={day.event.pk}"):
        text = words(admin_client.get(address))
        assert "Members" not in text and "icket" not in text.replace("Ticket types", "")
    assert "Members, £50" in words(admin_client.get(of(somebody)))


def test_the_last_message_is_the_last_to_the_attendee(admin_client, day):
    register(day, "Anna", wants_bursary=True)
    Message.objects.filter(kind="team_wanted").update(state="failed")
    assert "Anna Confirmed - Nothing To be sent" in words(admin_client.get(listed(Registration)))


def test_the_list_of_one_event_does_not_repeat_its_name(admin_client, day):
    response = admin_client.get(listed(Registration), {"event": day.event.pk})
    assert "event" not in response.context_data["cl"].list_display


def test_it_says_where_somebody_stands_in_the_events_line(admin_client):
    day = a_busy_day(event_capacity=1)
    for name in ("Anna", "Ben", "Cas"):
        register(day, name, take=[day.b1])
    text = words(admin_client.get(listed(Registration)))
    assert "Cas On the waiting list, 2nd waits for 1B (2nd)" in text


def test_who_has_no_address_and_whose_message_failed_is_told(admin_client, day):
    register(day, "Anna", email="", by_staff=True)
    register(day, "Ben")
    Message.objects.update(state="failed", problem="550 no such user")
    text = words(admin_client.get(listed(Registration)))
    assert "Nothing No address" in text and "Nothing Cannot be sent" in text
    assert names(admin_client, message="none") == {"Anna"}
    assert names(admin_client, message="failed") == {"Ben"}


class TestFinding:
    @pytest.mark.parametrize(
        "typed",
        ["olajumoke", "Ọlájùmọ̀kẹ́", "ADE  ola", "hall house", "OLA@example", "{reference}", "{spoken}", "{part}"],
    )
    def test_somebody_is_found_by_what_they_say(self, admin_client, day, typed):
        found = register(day, "Ọlájùmọ̀kẹ́ Adé", email="Ola@Example.org", organisation="Häll House")
        register(day, "Ben")
        spoken = found.reference.replace("-", " ").lower().removeprefix("cl")
        said = typed.format(reference=found.reference, spoken=spoken, part=found.reference[3:7])
        assert names(admin_client, q=said) == {"Ọlájùmọ̀kẹ́ Adé"}

    def test_a_name_with_the_letters_of_a_reference_is_found(self, admin_client, day):
        register(day, "Margaret")
        assert names(admin_client, q="margaret") == {"Margaret"}

    @pytest.mark.parametrize("model", [Invoice, WorkshopChoice, Message])
    def test_invoices_choices_and_messages_are_found_by_name_too(self, admin_client, day, model):
        a_paying(day, "Ọlájùmọ̀kẹ́ Adé", take=day.a1)
        a_paying(day, "Ben", take=day.b1)
        for typed in ("olajumoke", "Ọlájùmọ̀kẹ́"):
            assert admin_client.get(listed(model), {"q": typed}).context_data["cl"].result_count == 1

    def test_who_does_not_fit_is_not_found(self, admin_client, day):
        register(day, "Anna")
        assert names(admin_client, q="anna ben") == set()

    @pytest.mark.parametrize("query", ["q=%25", "q=_", "q=" + "a+" * 3000, "q='", "q=%E2%80%AE", "q=%EF%BC%9D1"])
    def test_nothing_typed_is_an_error_of_ours(self, admin_client, day, query):
        register(day, "Anna")
        assert admin_client.get(f"{listed(Registration)}?{query}").status_code == 200

    def test_percent_and_underscore_are_letters(self, admin_client, day):
        register(day, "Anna")
        assert names(admin_client, q="%") == names(admin_client, q="_") == set()


class TestFiltering:
    @pytest.fixture
    def people(self, day):
        people = {name: a_paying(day, name) for name in ("Paid", "Invoiced", "Open")}
        invoices.confirm_payment(people["Paid"].invoice, 5000, NOW)
        invoices.mark_invoiced(people["Invoiced"].invoice, NOW)
        booking.cancel(register(day, "Gone"), NOW)
        return people

    @pytest.mark.parametrize(
        ("owed", "expected"),
        [
            ("open", {"Invoiced", "Open"}), ("to_invoice", {"Open"}), ("invoiced", {"Invoiced"}), ("paid", {"Paid"}),
            ("nothing", {"Gone"}), ("refund", set()),
        ],
    )  # fmt: skip
    def test_by_what_is_owed(self, admin_client, people, owed, expected):
        assert names(admin_client, owed=owed) == expected

    def test_by_event_and_status(self, admin_client, day, people):
        other = a_busy_day(title="Another")
        register(other, "Elsewhere")
        assert names(admin_client, event=other.event.pk) == {"Elsewhere"}
        assert names(admin_client, status__exact="cancelled") == {"Gone"}

    def test_by_who_asks_about_help_with_the_cost(self, admin_client, day, people):
        register(day, "Asks", wants_bursary=True)
        assert "Asks about help with the cost" in words(admin_client.get(listed(Registration)))
        assert names(admin_client, help="asked") == {"Asks"}
        assert names(admin_client, help="banana") == {*people, "Gone", "Asks"}

    def test_an_invoice_by_event_and_by_who_is_on_it(self, admin_client, day, people):
        def found(**query):
            return admin_client.get(listed(Invoice), query).context_data["cl"].result_count

        assert (found(event=day.event.pk), found(q="long table"), found(q="paid"), found(event=day.event.pk + 1)) == (
            3, 3, 1, 0,
        )  # fmt: skip

    def test_choices_by_workshop_are_its_list_in_order(self, admin_client, day):
        for name in ("Anna", "Ben", "Cas"):
            register(day, name, **({"take": day.a1} if name == "Anna" else {"wait": day.a1}))
        query = {"event": day.event.pk, "workshop": day.a1.pk}
        text = words(admin_client.get(listed(WorkshopChoice), query))
        assert text.index("Anna Confirmed") < text.index("Ben On the waiting list, 1st") < text.index("Cas On the")


QUERIES = """
event=banana event=99999999999999999999 help=banana owed=banana message=banana status__exact=banana workshop=x
p=banana p=-1 all= o=banana o=9.-9 created_at__year=0 e=1 _popup=1 _to_field=banana state__exact=banana
created_at__day=99&created_at__month=99&created_at__year=2027 event=%F0%9F%98%80 ticket=1&event=-1
""".split()


@pytest.mark.parametrize("model", MODELS)
def test_no_query_is_an_error_of_ours(admin_client, day, model):
    for query in QUERIES:
        response = admin_client.get(f"{listed(model)}?{query}", follow=True)
        assert response.status_code in (200, 400), query


def test_a_page_of_a_registration_costs_as_much_for_many_choices_and_messages(admin_client, day):
    somebody = a_paying(day)
    admin_client.get(of(somebody))
    few = queries_of(admin_client, of(somebody))
    booking.change_choices(
        somebody, {day.series1.pk: booking.Wish(day.a1.pk), day.series2.pk: booking.Wish(day.a2.pk)}, NOW
    )
    assert queries_of(admin_client, of(somebody)) == few
