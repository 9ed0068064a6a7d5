"""Putting things right in “My day”: details, access and food, the purchase order."""

import pytest
from django.test import Client

from registrations import booking, needs
from registrations.answering.answers import Needs, Payer
from registrations.models import AccessNeeds, AccessNeedsLog, Invoice, InvoiceState, Message, Registration
from registrations.problems import Refused
from registrations.tickets import payers
from registrations.way_in import links
from tests.reading import read
from tests.registrations.builders import NOW, make_day, make_ticket_type, register
from tests.registrations.journeys import later, problems
from tests.registrations.my_day import MyDay, path_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def day():
    day = make_day()
    day.paid = make_ticket_type(day.event, "Paid", 5000)
    day.ada = register(
        day, "Ada", email="ada@example.org", ticket=day.paid, payer=Payer("City Charity"), needs=Needs(dietary="CANARY")
    )
    return day


@pytest.fixture
def ada(day):
    return MyDay(day.ada)


def stored(registration):
    return Registration.objects.get(pk=registration.pk)


def details(**values):
    return {"name": "Ada", "email": "ada@example.org", **values}


# Details


def test_the_page_holds_what_one_said(day, ada):
    page = ada.get("details/")
    assert page.tree.find(".//input[@id='id_name']").get("value") == "Ada" and not page.faults
    assert "CANARY" not in page.source


def test_details_are_changed_and_nobody_is_written_to(day, ada):
    response = ada.post("details/", details(phone="020 7946 0001", pronouns="she/her", photo_consent="on"))
    assert response["Location"] == "/my-day/?done=details"
    after = stored(day.ada)
    assert (after.phone, after.pronouns, after.photo_consent) == ("020 7946 0001", "she/her", True)
    assert Message.objects.count() == 1 and after.link_number == day.ada.link_number


def test_another_address_ends_the_old_links_keeps_this_browser_open_and_tells_both(day, ada):
    old, elsewhere = links.my_day(day.ada), MyDay(day.ada)
    ada.post("details/", details(email="new@example.com"))
    assert "My day" in ada.get().title
    assert Client().get(path_of(old)).status_code == 404
    assert elsewhere.get().title.startswith("Send me my link")
    told = list(Message.objects.order_by("pk").values_list("kind", "recipient"))[1:]
    assert sorted(told) == [("address_changed", "ada@example.org"), ("confirmed", "new@example.com")]
    assert Message.objects.get(kind="address_changed").facts["new"] == "n…@example.com"


@pytest.mark.parametrize("wrong", [
    {"name": ""}, {"email": ""}, {"email": "nobody"}, {"name": "x" * 201}, {"phone": "1" * 41},
    {"organisation": "x" * 201}, {"email": "a@example.org\nBcc: b@example.org"},
])  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field_and_the_rest_is_kept(day, ada, wrong):
    response = ada.post("details/", details(**{"pronouns": "KEPT", **wrong}))
    page = read(response)
    assert response.status_code == 422 and page.title.startswith("Error: ") and len(problems(page)) == 1
    assert "KEPT" in page.source and stored(day.ada).name == "Ada" and stored(day.ada).pronouns == ""


def test_the_name_and_address_of_another_registration_are_refused(day, ada):
    register(day, "Bea", email="bea@example.org", ticket=day.paid, payer=Payer("B"))
    response = ada.post("details/", {"name": "BEA", "email": "bea@example.org"})
    assert response.status_code == 409 and "registered already" in problems(read(response))[0]
    assert stored(day.ada).email == "ada@example.org"


@pytest.mark.parametrize("below", ["details/", "access/", "pass-on/"])
def test_nothing_changes_once_the_event_has_begun_or_the_registration_is_cancelled(day, clock, below):
    clock.move_to(day.event.starts)
    assert MyDay(day.ada).post(below, details(name="Other", dietary="x")).status_code == 409
    clock.move_to(NOW)
    booking.cancel(day.ada, NOW)
    assert MyDay(day.ada).post(below, details(name="Other", dietary="x")).status_code == 409
    assert stored(day.ada).name == "Ada"


# Access and food


def test_what_was_said_about_access_is_never_shown_again(day, ada):
    page = ada.get("access/")
    assert "We have your answers about access and food." in page.main
    assert "CANARY" not in page.source and not page.all(".//input[@checked]")


def test_answers_are_replaced_as_a_whole_and_it_is_logged(day, ada):
    assert ada.post("access/", {"step_free": "on"})["Location"] == "/my-day/?done=needs"
    after = AccessNeeds.objects.get(registration=day.ada)
    assert after.step_free and after.dietary == ""
    last = AccessNeedsLog.objects.filter(registration=day.ada).last()
    assert (last.action, last.user, last.when) == ("changed", None, NOW)


def test_who_asks_to_be_rung_is_told_to_the_team_at_most_once_an_hour_and_never_in_vain(day, ada, clock):
    asked = Message.objects.filter(kind="team_wanted", registration=day.ada)
    ada.post("access/", {"step_free": "on"})
    assert not asked.exists()
    for _ in range(2):
        assert ada.post("access/", {"step_free": "on", "please_call": "on"}).status_code == 302
    assert [each.recipient for each in asked] == ["events@example.org"]
    asked.update(state="sent", sent_at=NOW)
    clock.move_to(later(minutes=20), tick=False)
    ada.post("access/", {"please_call": "on"})
    assert [each.due_at for each in asked] == [NOW, later(minutes=60)]
    asked.update(state="sent", sent_at=later(minutes=60))
    clock.move_to(later(days=7), tick=False)
    MyDay(day.ada).post("access/", {"please_call": "on"})
    assert asked.last().due_at == later(days=7)


def test_who_asks_for_help_and_to_be_rung_before_the_team_is_told_is_told_of_once(day):
    bea = register(day, "Bea", wants_bursary=True, ticket=day.paid, payer=Payer("B"))
    MyDay(bea).post("access/", {"please_call": "on"})
    assert Message.objects.filter(kind="team_wanted").count() == 1


def test_what_staff_note_themselves_is_told_to_nobody(day, django_user_model):
    needs.change(day.ada, Needs(please_call=True), django_user_model.objects.create_user("ruth"), NOW)
    assert not Message.objects.filter(kind="team_wanted").exists()


def test_answers_are_removed_by_a_button(day, ada):
    ada.post("access/", {"remove": "yes"})
    assert not AccessNeeds.objects.filter(registration=day.ada).exists()
    assert AccessNeedsLog.objects.filter(registration=day.ada).last().action == "deleted"
    assert "You have not told us anything" in ada.get("access/").main


def test_they_can_be_removed_also_after_the_event_has_begun(day, clock):
    clock.move_to(day.event.ends)
    late = MyDay(day.ada)
    page = late.get("access/")
    assert "We still have your answers" in page.main and "CANARY" not in page.source and page.status == 200
    assert late.post("access/", {"remove": "yes"}).status_code == 302
    assert not AccessNeeds.objects.filter(registration=day.ada).exists()
    assert late.client.get("/my-day/access/").status_code == 409


def test_nothing_at_all_removes_nothing_by_mistake(day, ada):
    response = ada.post("access/", {"dietary": "  "})
    assert response.status_code == 422 and AccessNeeds.objects.get(registration=day.ada).dietary == "CANARY"


@pytest.mark.parametrize("given", [True, False])
def test_who_sends_nothing_reads_what_to_do_and_is_led_to_the_first_box(day, ada, given):
    if not given:
        ada.post("access/", {"remove": "yes"})
    page = read(ada.post("access/", {}))
    [problem] = problems(page)
    assert page.status == 422 and page.link(problem) == "#id_bsl"
    assert ("“Remove my answers” below" in problem) is given is ("Remove my answers" in page.texts(".//button"))
    assert ("we hold no answers of yours" in problem) is not given


def test_what_is_too_long_is_said_with_what_was_typed(day, ada):
    response = ada.post("access/", {"other": "y" * 2001, "bsl": "on"})
    assert response.status_code == 422 and "yyy" in read(response).source and "CANARY" not in read(response).source


# The purchase order


def test_a_purchase_order_number_follows(day, ada):
    sent = {"purchase_order": "PO 7", "payer": "City Charity", "address": "1 High Street", "email": ""}
    assert ada.post("order/", sent)["Location"] == "/my-day/?done=order"
    invoice = stored(day.ada).invoice
    assert (invoice.purchase_order, invoice.address, invoice.state) == ("PO 7", "1 High Street", "to_invoice")
    assert "Purchase order number PO 7" in ada.get().main


def test_once_the_invoice_is_sent_only_the_number_can_be_given(day, ada):
    Invoice.objects.update(state=InvoiceState.INVOICED)
    assert "id_payer" not in ada.get("order/").source
    ada.post("order/", {"purchase_order": "PO 7", "payer": "Somebody else"})
    invoice = stored(day.ada).invoice
    assert (invoice.purchase_order, invoice.payer) == ("PO 7", "City Charity")


@pytest.mark.parametrize("state", [InvoiceState.PAID, InvoiceState.TO_REFUND, InvoiceState.REFUNDED])
def test_a_settled_invoice_stays_as_it_is(day, ada, state):
    Invoice.objects.update(state=state)
    assert ada.post("order/", {"purchase_order": "PO 7"}).status_code == 409
    assert stored(day.ada).invoice.purchase_order == ""


def test_who_pays_is_not_changed_once_the_invoice_has_gone_out_meanwhile(day):
    """The page was let in before staff sent the invoice, and came for its lock after."""
    seen = Invoice.objects.get(pk=day.ada.invoice_id)
    Invoice.objects.update(state=InvoiceState.INVOICED)
    with pytest.raises(Refused, match="was sent or settled"):
        payers.correct(seen, {"payer": "Somebody else"}, NOW, by=Registration.objects.get(invoice=seen))
    assert stored(day.ada).invoice.payer == "City Charity"


def test_without_an_invoice_there_is_no_such_page(day):
    assert MyDay(register(day, "Free")).client.get("/my-day/order/").status_code == 404


@pytest.mark.parametrize("below", ["details/", "access/", "order/", "pass-on/", "withdraw/"])
def test_nobody_changes_anything_of_another_attendee(day, below):
    bea = MyDay(register(day, "Bea", ticket=day.paid, payer=Payer("B")))
    assert "Ada" not in bea.get(below).words and "City Charity" not in bea.get(below).words
    sent = {"registration": day.ada.reference, "name": "Evil", "email": "evil@example.org", "dietary": "x"}
    assert bea.client.post(f"/my-day/{below}", sent).status_code == 409
    assert stored(day.ada).name == "Ada"
