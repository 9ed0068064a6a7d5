"""Whatever somebody typed, sent or forged: inert in the admin, and never an error of ours."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from events.models import Status
from registrations import booking
from registrations.models import Invoice, Message, Registration, TicketType, WorkshopChoice
from registrations.my_day import corrections
from registrations.problems import Busy
from tests.admin_pages import add, form_of, listed, of, post, words
from tests.registrations.builders import edit, register, state
from tests.registrations.staff import a_paying, a_superuser

pytestmark = pytest.mark.usefixtures("undone")

SCRIPT = "<script>alert(1)</script>"
HUGE = "9" * 30
OF_ONE = ["cancel", "resend", "letter", "access_needs", "workshops", "change", "history", "delete"]


@pytest.fixture
def day(busy_day):
    return busy_day


@pytest.fixture
def admin_client(undone):
    return a_superuser()


def test_what_somebody_typed_is_text_on_every_page(admin_client, day):
    typed = {"organisation": SCRIPT, "job_title": SCRIPT, "badge_name": SCRIPT, "pronouns": SCRIPT, "phone": SCRIPT}
    somebody = a_paying(day, SCRIPT, SCRIPT, email="a@example.org", take=[day.a1], **typed)
    Message.objects.update(state="failed", problem=SCRIPT, subject=SCRIPT, text=SCRIPT)
    pages = [listed(each) for each in (Registration, Invoice, WorkshopChoice, Message)]
    shown = ("change", "history", "cancel", "resend", "letter", "access_needs", "workshops")
    pages += [of(somebody, what) for what in shown]
    pages += [of(somebody.invoice), of(somebody.invoice, "confirm_payment"), of(somebody.messages.get())]
    for address in pages:
        assert SCRIPT.encode() not in admin_client.get(address).content, address
    assert SCRIPT in words(admin_client.get(of(somebody, "letter")))


TURNED = "\u202eAnna\u2066 Adé\u2069"


def test_no_mark_of_direction_is_kept_whoever_typed_it(admin_client, day):
    mine = a_paying(day, "Anna", phone="020 7946 0000", email="", by_staff=True, take=[day.a1])
    edit(day.a1, status=Status.CANCELLED)  # so that there is something to ring about
    post(admin_client, of(mine), name=TURNED, job_title=TURNED)
    post(admin_client, of(mine.invoice), payer=TURNED)
    post(admin_client, of(day.paid), name=TURNED)
    data = form_of(admin_client.get(add(Registration))) | {"name": TURNED, "ticket_type": day.ticket.pk}
    admin_client.post(add(Registration), data)
    people = Registration.objects.order_by("pk").values_list("name", "job_title")
    assert [*people] == [("Anna Adé", "Anna Adé"), ("Anna Adé", "")]
    assert Invoice.objects.get().payer == "Anna Adé" and TicketType.objects.filter(name="Anna Adé").exists()
    for address in (listed(Message), of(Message.objects.get()), of(mine), of(Message.objects.get(), "mark_told")):
        assert "<bdi>Anna Adé</bdi>, <bdi>020 7946 0000</bdi>" in admin_client.get(address).content.decode(), address


@pytest.mark.parametrize("what", OF_ONE)
@pytest.mark.parametrize("key", [HUGE, "0", "banana", "%F0%9F%98%80", "-1"])
def test_a_key_that_nobody_has_is_no_error_of_ours(admin_client, day, what, key):
    for model in ("registration", "invoice"):
        address = f"/admin/registrations/{model}/{key}/{what}/"
        assert admin_client.get(address).status_code in (302, 403, 404), address
        assert admin_client.post(address).status_code in (302, 403, 404), address


@pytest.mark.parametrize("action", ["cancel", "resend", "confirm_payment", "export_chosen", "banana", ""])
@pytest.mark.parametrize("chosen", [[], ["banana"], [HUGE], ["0", "-1"]])
def test_a_forged_choice_does_nothing(admin_client, day, action, chosen):
    register(day, "Anna")
    data = {"action": action, "_selected_action": chosen, "confirmed": "yes"}
    assert admin_client.post(listed(Registration), data).status_code in (200, 302, 400)
    assert Registration.objects.get().is_confirmed and Message.objects.count() == 1


def test_a_button_pressed_without_its_page_asks_for_its_token(day):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("admin"))
    assert client.post(of(register(day, "Anna"), "cancel"), {"confirmed": "yes"}).status_code == 403
    assert Registration.objects.get().is_confirmed


class TestBusy:
    """While many are booking, staff may wait in vain for the lock: they are told, and nothing is lost."""

    def busy(self, *args, **kwargs):
        raise Busy

    def test_on_the_telephone(self, admin_client, day, monkeypatch):
        data = form_of(admin_client.get(add(Registration))) | {"name": "Anna", "ticket_type": day.ticket.pk}
        monkeypatch.setattr(booking, "register", self.busy)
        response = admin_client.post(add(Registration), data)
        assert response.status_code == 422 and "please try again" in words(response)
        monkeypatch.undo()
        admin_client.post(add(Registration), form_of(response))
        assert Registration.objects.get().name == "Anna"

    def test_while_changing_workshops(self, admin_client, day, monkeypatch):
        anna = register(day, "Anna", take=[day.b1])
        address, chosen = of(anna, "workshops"), {f"series-{day.series1.pk}": str(day.a1.pk)}
        monkeypatch.setattr(booking, "change_choices", self.busy)
        response = admin_client.post(address, form_of(admin_client.get(address)) | chosen)
        assert (response.status_code, response["Retry-After"]) == (503, "5")
        assert "please try again" in words(response) and state(anna) == "confirmed 1B"
        monkeypatch.undo()
        sent = form_of(response)
        assert sent | chosen == sent
        assert admin_client.post(address, sent).status_code == 302 and state(anna) == "confirmed 1A"

    def test_while_cancelling(self, admin_client, day, monkeypatch):
        anna = register(day, "Anna")
        monkeypatch.setattr(booking, "cancel", self.busy)
        assert "please try again" in words(admin_client.post(of(anna, "cancel"), follow=True))

    def test_while_correcting(self, admin_client, day, monkeypatch):
        anna = register(day, "Anna")
        monkeypatch.setattr(corrections, "correct", self.busy)
        response = admin_client.post(of(anna), form_of(admin_client.get(of(anna))) | {"phone": "1"})
        assert response.status_code == 422 and form_of(response)["phone"] == "1"


@pytest.mark.parametrize(
    "given", [{"name": "a\0b"}, {"name": "x" * 5000}, {"invitation_code": "x" * 5000}, {"email": "a@" * 400}]
)
def test_the_telephone_page_takes_nothing_odd(admin_client, day, given):
    data = form_of(admin_client.get(add(Registration))) | {"name": "Anna", "ticket_type": day.ticket.pk} | given
    assert admin_client.post(add(Registration), data).status_code in (400, 422)
    assert not Registration.objects.exists() and TicketType.objects.count() == 2
