"""Staff erase somebody who asks for it, read complaints, and look at what is kept of invoices."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry

from registrations.data_rights import complaining, erasing
from registrations.models import AccessNeeds, Complaint, InvoiceRecord, Message, Registration
from registrations.tickets import invoices
from tests.admin_pages import listed, of, words
from tests.registrations.builders import NOW, register, state
from tests.registrations.canaries import left_of
from tests.registrations.somebody import a_day, whole
from tests.registrations.staff import TEAM, a_paying, signed_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def day():
    return a_day()


@pytest.fixture
def manager():
    return signed_in(*TEAM, "delete_registration", "view_complaint", "change_complaint", "view_invoicerecord",
                     "view_access_needs", "change_access_needs", name="mia")  # fmt: skip


class TestErasing:
    def test_it_is_said_before_and_done_when_confirmed(self, manager, day):
        waits = register(day, "Waits", wait=[day.a1])
        said = words(manager.get(of(day.bea, "erase")))
        assert "Bea: all that is held about them is erased" in said and "next in line" in said
        assert "bea@example.org" in said and state(day.bea) == "confirmed 1A, 2A"
        response = manager.post(of(day.bea, "erase"), {"confirmed": "yes"}, follow=True)
        assert "All that was held about that attendee is erased." in words(response)
        assert Registration.objects.get(pk=day.bea.pk).name == "Erased" and state(waits) == "confirmed 1A"

    def test_who_did_it_is_logged_but_not_about_whom(self, manager, day):
        mine = whole(day)
        manager.post(of(mine, "erase"), {"confirmed": "yes"})
        [entry] = LogEntry.objects.all()
        left = Registration.objects.get(pk=mine.pk)
        assert (entry.user.username, entry.object_repr) == ("mia", left.reference) and "Erase" in entry.change_message
        assert left_of(mine.reference) == {"registrations_message.facts"}

    def test_the_team_alone_may_not(self, day):
        team = signed_in(*TEAM)
        assert "Erase attendee" not in words(team.get(of(day.bea)))
        assert team.post(of(day.bea, "erase"), {"confirmed": "yes"}).status_code == 403
        assert Registration.objects.get(pk=day.bea.pk).anonymised_at is None

    def test_nothing_is_done_to_one_that_is_erased(self, manager, day, admin_client):
        mine = whole(day)
        erasing.erase(mine, NOW)
        page = words(admin_client.get(of(mine)))
        assert "Erased" in page and "Change workshops" not in page and "Letter to print" not in page
        for address in (of(mine, "history"), listed(Registration), of(mine, "erase"), of(mine, "cancel")):
            assert admin_client.get(address).status_code == 200, address
        assert admin_client.post(of(mine), {"name": "Canary"}).status_code == 403
        assert manager.post(of(mine, "access_needs"), {"other": "canary"}).status_code == 404
        assert not AccessNeeds.objects.exists() and Registration.objects.get(pk=mine.pk).name == "Erased"

    def test_a_page_that_was_open_before_puts_no_needs_back(self, manager, day):
        mine = register(day, "Ada")
        assert manager.get(of(mine, "access_needs")).status_code == 200
        erasing.erase(mine, NOW)
        assert manager.post(of(mine, "access_needs"), {"other": "halal"}).status_code == 404


class TestComplaints:
    @pytest.fixture
    def complaint(self, day):
        return complaining.complain(day.bea, "It <b>leaked</b>.", NOW)

    def test_open_ones_come_first_with_the_day_by_which_to_answer(self, manager, day, complaint):
        old = complaining.complain(register(day, "Cai"), "Earlier", NOW - 40 * DAY)
        complaining.answered(old, NOW - 30 * DAY)
        said = words(manager.get(listed(Complaint)))
        assert said.index("Open: answer by 29 May 2027") < said.index("1 April 2027")

    def test_a_complaint_is_read_and_its_markup_is_inert(self, manager, complaint):
        response = manager.get(of(complaint))
        assert "It <b>leaked</b>." in words(response) and "<b>leaked" not in response.content.decode()

    def test_it_is_marked_as_answered_on_its_page(self, manager, complaint, clock):
        sent = {"answered_at": "2027-05-02T10:00"}
        early = manager.post(of(complaint), sent)
        assert early.status_code == 422 and "This is still to come." in words(early)
        clock.shift(2 * DAY)
        assert manager.post(of(complaint), sent).status_code == 302
        assert Complaint.objects.get().answered_at.date() == datetime.date(2027, 5, 2)
        sent["answered_at"] = "2027-04-02T10:00"
        assert "before the complaint was made" in words(manager.post(of(complaint), sent))
        assert Complaint.objects.get().text == complaint.text

    def test_the_list_is_asked_for_what_is_still_to_be_answered(self, manager, day, complaint):
        old = complaining.complain(register(day, "Cai"), "Earlier", NOW - 40 * DAY)
        complaining.answered(old, NOW - 30 * DAY)
        assert "Still to be answered" in words(manager.get(listed(Complaint)))
        for given, number in (("no", 1), ("yes", 1), ("banana", 2)):
            assert manager.get(f"{listed(Complaint)}?answered={given}").context_data["cl"].result_count == number

    def test_who_erases_its_author_is_told_before(self, manager, day, complaint):
        sentence = "There is a complaint of theirs that nobody has answered: once they are erased, nobody can."
        assert sentence in words(manager.get(of(day.bea, "erase")))
        complaining.answered(complaint, NOW)
        assert "complaint" not in words(manager.get(of(day.bea, "erase")))

    def test_several_are_marked_in_the_list(self, manager, complaint):
        data = {"action": "mark_answered", "_selected_action": [complaint.pk]}
        manager.post(listed(Complaint), data)
        assert Complaint.objects.get().answered_at == NOW

    def test_only_who_may_sees_and_marks_them(self, complaint):
        team = signed_in(*TEAM)
        assert team.get(listed(Complaint)).status_code == team.get(of(complaint)).status_code == 403
        viewer = signed_in("view_complaint", name="vic")
        assert viewer.post(of(complaint), {"answered_at": "2027-05-02T10:00"}).status_code == 403
        viewer.post(listed(Complaint), {"action": "mark_answered", "_selected_action": [complaint.pk]})
        assert Complaint.objects.get().answered_at is None

    def test_one_whose_author_is_erased_says_so(self, manager, day, complaint):
        erasing.erase(day.bea, NOW)
        assert "Somebody who is erased" in words(manager.get(listed(Complaint)))
        assert "Somebody who is erased" in words(manager.get(of(complaint)))


def test_what_is_kept_of_invoices_can_be_looked_at(manager, day):
    mine = a_paying(day)
    invoices.mark_invoiced(mine.invoice, NOW)
    erasing.erase(mine, NOW)
    record = InvoiceRecord.objects.get()
    for address in (listed(InvoiceRecord), of(record)):
        assert "The Long Table" in words(manager.get(address)) and "£50" in words(manager.get(address))
    assert signed_in(*TEAM).get(listed(InvoiceRecord)).status_code == 403


def test_a_message_whose_words_are_gone_says_so(day, admin_client):
    whole(day)
    Message.objects.filter(registration=day.bea).update(text="", state="sent", sent_at=NOW)
    message = Message.objects.filter(registration=day.bea).first()
    assert "Deleted since" in words(admin_client.get(of(message)))
