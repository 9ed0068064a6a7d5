"""Who sees what of attendees: access needs under their own permission and logged, exports inert, roles apart."""

import csv
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from conference import roles
from registrations import booking
from registrations.admin.csv_export import COLUMNS, inert
from registrations.answering.answers import Needs, Payer
from registrations.models import (
    AccessNeeds,
    AccessNeedsLog,
    Invoice,
    Message,
    Registration,
    TicketType,
    WorkshopChoice,
)  # fmt: skip
from tests.admin_pages import add, form_of, listed, of, post, words
from tests.registrations.builders import NOW, register
from tests.registrations.staff import TEAM, a_busy_day, a_paying, a_superuser, signed_in

pytestmark = pytest.mark.usefixtures("undone")

EXPORT = "/admin/registrations/registration/export/"
GIVEN = Needs(bsl=True, dietary="kosher", other="A chair by the door")


@pytest.fixture
def day(busy_day):
    return busy_day


@pytest.fixture
def admin_client(undone):
    return a_superuser()


@pytest.fixture
def team(day):
    return signed_in(*TEAM)


@pytest.fixture
def somebody(day):
    return a_paying(day, take=[day.a1], needs=GIVEN)


def log():
    return [
        (each.user and each.user.username, each.action)
        for each in AccessNeedsLog.objects.select_related("user").order_by("pk")
    ]


class TestAccessNeeds:
    def test_the_team_sees_only_that_needs_were_given(self, team, day, somebody):
        assert "Needs were given." in words(team.get(of(somebody)))
        assert "None given." in words(team.get(of(register(day, "Ben"))))
        assert team.get(of(somebody, "access_needs")).status_code == 403
        assert log() == [(None, "given")]

    def test_each_view_is_logged_without_the_answers(self, somebody):
        client = signed_in(*TEAM, "view_access_needs", name="mia")
        for _ in range(2):
            page = client.get(of(somebody, "access_needs"))
        assert form_of(page)["dietary"] == "kosher" and form_of(page)["bsl"] == "on"
        assert log() == [(None, "given"), ("mia", "seen"), ("mia", "seen")]
        assert "no-store" in page["Cache-Control"]

    def test_who_may_only_see_changes_nothing(self, somebody):
        client = signed_in(*TEAM, "view_access_needs")
        address = of(somebody, "access_needs")
        assert client.post(address, form_of(client.get(address)) | {"dietary": ""}).status_code == 403
        assert AccessNeeds.objects.get().dietary == "kosher"

    def test_who_may_only_change_cannot_look(self, somebody):
        client = signed_in(*TEAM, "change_access_needs")
        assert client.get(of(somebody, "access_needs")).status_code == 403
        assert log() == [(None, "given")]

    def test_a_change_is_logged_and_nothing_at_all_deletes_them(self, somebody):
        client = signed_in(*TEAM, "view_access_needs", "change_access_needs", name="mia")
        address = of(somebody, "access_needs")
        assert post(client, address, dietary="halal", bsl=None).status_code == 302
        assert (AccessNeeds.objects.get().dietary, AccessNeeds.objects.get().bsl) == ("halal", False)
        post(client, address, dietary="", other="")
        assert not AccessNeeds.objects.exists()
        assert [action for _, action in log()] == ["given", "seen", "changed", "seen", "deleted"]

    def test_what_is_too_long_is_refused_and_kept(self, somebody):
        client = signed_in(*TEAM, "view_access_needs", "change_access_needs")
        response = post(client, of(somebody, "access_needs"), dietary="x" * 301)
        assert response.status_code == 422 and form_of(response)["dietary"] == "x" * 301
        assert AccessNeeds.objects.get().dietary == "kosher"

    def test_they_are_on_no_other_page_of_the_admin(self, admin_client, day, somebody):
        booking.cancel(somebody, NOW)
        post(admin_client, of(somebody, "access_needs"), dietary="halal")
        rows = [somebody, somebody.invoice, somebody.messages.first()]
        pages = [of(row, what) for row in rows[:2] for what in ("change", "history")] + [of(rows[2])]
        pages += [of(somebody, "letter"), of(somebody, "cancel"), of(somebody, "resend")]
        pages += [of(somebody, "workshops"), EXPORT]
        pages += [listed(each) for each in (Registration, Invoice, WorkshopChoice, Message, AccessNeedsLog)]
        for address in pages:
            source = admin_client.get(address).content.decode()
            for hidden in ("kosher", "halal", "chair by the door", "BSL"):
                assert hidden not in source, address
        assert not LogEntry.objects.filter(change_message__contains="halal").exists()
        assert "halal" in admin_client.get(of(somebody, "access_needs")).content.decode()

    def test_nobody_who_is_not_there_has_needs(self, admin_client, day):
        assert admin_client.get("/admin/registrations/registration/999999/access_needs/").status_code == 404

    def test_the_log_says_who_and_when(self, admin_client, somebody):
        admin_client.get(of(somebody, "access_needs"))
        text = words(admin_client.get(listed(AccessNeedsLog)))
        assert f"Seen admin {somebody}" in text and f"Given the attendee {somebody}" in text


class TestExport:
    def rows(self, response):
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"].startswith('attachment; filename="registrations-')
        assert response.content.startswith("\ufeff".encode())
        return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))

    def test_it_says_what_the_list_says_and_more(self, team, somebody):
        [row] = self.rows(team.get(EXPORT))
        assert list(row) == COLUMNS
        said = {name: row[name] for name in ("Reference", "Name", "Status", "Owed", "Who pays", "Workshops", "Price")}
        assert said == {
            "Reference": somebody.reference, "Name": "Anna", "Status": "Confirmed", "Owed": "£50, to be invoiced",
            "Who pays": "The Long Table", "Workshops": "1A", "Price": "£50",
        }  # fmt: skip
        assert "kosher" not in str(row)

    def test_the_kind_of_ticket_is_not_in_it(self, team, somebody):
        source = team.get(EXPORT).content.decode()
        assert somebody.ticket_type.name not in source and "Ticket" not in source

    def test_it_holds_those_whom_the_list_shows_on_all_its_pages(self, team, day):
        for number in range(60):
            register(day, f"Person {number:02}")
        register(a_busy_day(title="Another"), "Elsewhere")
        assert len(self.rows(team.get(f"{EXPORT}?event={day.event.pk}"))) == 60
        assert [row["Name"] for row in self.rows(team.get(f"{EXPORT}?q=elsewhere"))] == ["Elsewhere"]

    def test_it_holds_those_who_are_chosen(self, team, day):
        people = [register(day, name) for name in ("Anna", "Ben", "Cas")]
        data = {"action": "export_chosen", "_selected_action": [each.pk for each in people[:2]]}
        assert {row["Name"] for row in self.rows(team.post(listed(Registration), data))} == {"Anna", "Ben"}

    def test_a_wrong_filter_leads_back_to_the_list(self, team, day):
        assert team.get(f"{EXPORT}?o=banana&status__exact=x&p=banana").status_code in (200, 302)
        assert team.get(f"{EXPORT}?nothing=1").status_code == 302

    def test_names_that_would_be_computed_are_inert(self, team, day):
        hostile = [
            '=HYPERLINK("https://example.org","x")',
            "+44 20 7946",
            "-2+3",
            "@SUM(A1)",
            "＝1+1",
            " =1",
            "\u200f=1",
        ]
        for number, name in enumerate(hostile):
            register(day, name, email=f"a{number}@example.org", organisation=name, ticket=day.paid, payer=Payer(name))
        for row in self.rows(team.get(EXPORT)):
            for column in ("Name", "Organisation", "Who pays"):
                assert row[column].startswith("'"), row[column]

    @pytest.mark.parametrize(
        "text",
        ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n1", "\t1", "＝1", "＋1", "－1", "＠1", "﹢1", "﹣1", "﹦1",
         "\u00a0=1", "\u200b=1", "\ufeff=1", "\u202e=1", "|cmd", "%0A=1", "−1", "\x0b=1"],
    )  # fmt: skip
    def test_a_formula_gets_an_apostrophe(self, text):
        assert inert(text) == f"'{text}"

    @pytest.mark.parametrize(
        "text", ["Anna", "O’Neill", "Ọlájùmọ̀kẹ́", "1A, 2B", "", "020 7946 0000", "£50", "a=b", "'=1"]
    )
    def test_everything_else_stays_as_it_is(self, text):
        assert inert(text) == text

    def test_quotes_and_lines_stay_in_their_cell(self, team, day):
        register(day, 'Anna "the cook", B', organisation="One\nTwo")
        [row] = self.rows(team.get(EXPORT))
        assert (row["Name"], row["Organisation"]) == ('Anna "the cook", B', "One\nTwo")


class TestRoles:
    @pytest.fixture
    def people(self, somebody):
        roles.make()
        clients = {}
        for name in roles.ROLES:
            user = User.objects.create_user(name, is_staff=True)
            user.groups.set([Group.objects.get(name=name)])
            clients[name] = Client()
            clients[name].force_login(user)
        return clients

    def answers(self, people, address):
        return tuple(people[name].get(address).status_code for name in roles.ROLES)

    def test_editors_see_nobody(self, people, somebody):
        choice, message = somebody.choices.get(), somebody.messages.get()
        rows = [somebody, somebody.invoice, choice, message]
        pages = [address for row in rows for address in (of(row), listed(type(row)), of(row, "delete"))]
        pages += [of(somebody, what) for what in ("history", "letter", "cancel", "resend", "access_needs")]
        pages += [EXPORT, add(Registration), listed(AccessNeedsLog), of(somebody.invoice, "confirm_payment")]
        for address in pages:
            assert people["Programme editors"].get(address).status_code == 403, address
        assert "Registrations" not in words(people["Programme editors"].get(reverse("admin:index")))

    def test_the_programme_is_the_editors_and_bookings_are_the_teams(self, people, day, somebody):
        assert self.answers(people, of(day.event)) == (200, 200, 200)
        assert self.answers(people, of(day.event, "delete")) == (409, 403, 409)  # it says what is in the way
        assert self.answers(people, of(day.a1, "delete")) == (409, 403, 409)
        assert self.answers(people, of(somebody)) == (403, 200, 200)
        assert self.answers(people, add(Registration)) == (403, 200, 200)
        assert self.answers(people, add(TicketType)) == (403, 403, 200)
        assert self.answers(people, of(somebody, "access_needs")) == (403, 403, 200)
        assert self.answers(people, listed(AccessNeedsLog)) == (403, 403, 200)

    def test_who_may_only_look_has_no_buttons_and_does_nothing(self, day, somebody):
        viewer = signed_in("view_registration", "view_invoice")
        text = words(viewer.get(of(somebody)))
        assert "Letter to print" in text and "Send the message again" not in text and "Cancel" not in text
        for address in (of(somebody, "cancel"), of(somebody, "resend"), of(somebody.invoice, "confirm_payment")):
            assert viewer.post(address, {"confirmed": "yes"}).status_code == 403
        for action in ("cancel", "resend", "confirm_payment"):
            data = {"action": action, "_selected_action": somebody.pk, "confirmed": "yes"}
            viewer.post(listed(Registration), data)
        assert viewer.post(of(somebody), {"name": "Mine"}).status_code == 403
        row = Registration.objects.get()
        assert (row.status, row.name, row.invoice.state, row.messages.count()) == ("confirmed", "Anna", "to_invoice", 1)
