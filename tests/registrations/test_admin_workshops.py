"""Staff change somebody's workshops: all series on one page, the site's own rules, nothing lost, everything noted."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conference import roles
from events.models import Status
from registrations import booking
from registrations.models import Message, Registration, WorkshopChoice
from tests.admin_pages import form_of, of, words
from tests.builders import london
from tests.registrations.builders import MINUTE, NOW, change, edit, make_day, register, state
from tests.registrations.journeys import place, wait
from tests.registrations.staff import TEAM, a_busy_day, signed_in

pytestmark = pytest.mark.usefixtures("undone")


@pytest.fixture
def day(busy_day):
    """A day with one place in each workshop A."""
    return busy_day


@pytest.fixture
def team(day):
    return signed_in(*TEAM)


def page_of(registration):
    return of(registration, "workshops")


def opened(client, registration):
    """Open the page, and return what its form would send."""
    return form_of(client.get(page_of(registration)))


def save(client, registration, sent=None, **chosen):
    """Choose these on the page and save."""
    return client.post(page_of(registration), (sent or opened(client, registration)) | chosen)


def none_of(series):
    return {f"series-{series.pk}": ""}


def kept(response):
    """Return the sentences beside each question of a page that was refused."""
    assert response.status_code == 422
    return response.context_data["form"].errors


class TestChanging:
    def test_all_series_are_changed_at_once_and_they_are_told(self, team, day):
        register(day, "Ben", take=[day.a2])
        anna = register(day, "Anna", take=[day.a1])
        response = save(team, anna, **place(day.b1), **place(day.b2), **wait(day.a2))
        assert response["Location"] == of(anna) and state(anna) == "confirmed 1B, 2B, waits 2A"
        assert Message.objects.filter(kind="changed", recipient=anna.email).count() == 1
        page = words(team.get(of(anna)))
        assert f"The workshops of {anna} are changed. A message about it goes to anna@example.org." in page

    def test_none_gives_the_place_to_the_next_in_line(self, team, day):
        anna = register(day, "Anna", take=[day.a1, day.b2])
        ben = register(day, "Ben", wait=[day.a1])
        save(team, anna, **none_of(day.series1))
        assert (state(anna), state(ben)) == ("confirmed 2B", "confirmed 1A")
        assert Message.objects.get(kind="promoted").registration == ben

    def test_what_they_have_and_wait_for_is_chosen_already(self, team, day):
        register(day, "Ben", take=[day.a1])
        anna = register(day, "Anna", take=[day.b1, day.a2], wait=[day.a1])
        sent = opened(team, anna)
        assert sent.items() >= {name: str(key) for name, key in (place(day.b1) | place(day.a2)).items()}.items()
        assert sent[f"series-{day.series1.pk}-wait"] == str(day.a1.pk)
        text = words(team.get(page_of(anna)))
        assert "1B: Workshop 1B (11am to midday) – theirs now" in text
        assert "1A: Workshop 1A (11am to midday) – they are on its waiting list now" in text
        assert "on the waiting list, 1st" in text

    def test_a_full_workshop_that_is_theirs_is_shown_as_theirs_and_kept(self, team, day):
        anna = register(day, "Anna", take=[day.a1])
        assert "1A: Workshop 1A (11am to midday) – theirs now; full for everybody else" in words(
            team.get(page_of(anna))
        )
        save(team, anna, **place(day.b2))
        assert state(anna) == "confirmed 1A, 2B"

    def test_a_full_workshop_can_only_be_waited_for(self, team, day):
        register(day, "Ben", take=[day.a1])
        anna = register(day, "Anna")
        offered = response_choices(team.get(page_of(anna)))
        first = f"series-{day.series1.pk}"
        assert offered[first] == ["", str(day.b1.pk), "no_part"] and offered[f"{first}-wait"] == ["", str(day.a1.pk)]
        assert f"series-{day.series2.pk}-wait" not in offered

    def test_to_save_what_is_there_changes_nothing_and_tells_nobody(self, team, day):
        anna = register(day, "Anna", take=[day.a1])
        assert save(team, anna).status_code == 302
        assert "Nothing was changed." in words(team.get(of(anna)))
        assert state(anna) == "confirmed 1A" and not Message.objects.filter(kind="changed").exists()

    def test_who_has_no_address_has_to_be_told(self, team, day):
        anna = register(day, "Anna", email="", by_staff=True)
        assert "nobody is told unless you tell them" in words(team.get(page_of(anna)))
        save(team, anna, **place(day.a1))
        assert "nobody is told unless you tell them" in words(team.get(of(anna)))

    def test_who_waits_for_the_event_asks_for_one_workshop_a_series(self, day):
        full = make_day(event_capacity=1, places=(0, None), title="Full day")
        register(full, "Ben")
        team, anna = signed_in(*TEAM), register(full, "Anna", take=[full.b1])
        text = words(team.get(page_of(anna)))
        assert "They are on the event’s waiting list." in text and "what they wait for now" in text
        assert "Also on the waiting list for" not in text
        save(team, anna, **place(full.a1), **place(full.b2))
        assert state(anna) == "waiting waits 1A, waits 2B"

    def test_it_can_be_done_after_booking_has_closed(self, team, day):
        anna = register(day, "Anna")
        edit(day.event, booking_closes=NOW - 300 * 24 * 60 * MINUTE)
        save(team, anna, **place(day.a1))
        assert state(anna) == "confirmed 1A"


def response_choices(response):
    fields = response.context_data["form"].fields
    return {name: [str(key) for key, _ in field.choices] for name, field in fields.items()}


class TestRefused:
    def test_one_that_has_filled_up_is_said_beside_it_and_the_rest_is_kept(self, team, day):
        anna = register(day, "Anna", take=[day.b1])
        sent = opened(team, anna) | place(day.a1) | place(day.b2)
        register(day, "Ben", take=[day.a1])
        response = save(team, anna, sent)
        first = f"series-{day.series1.pk}"
        sentence = "“1A: Workshop 1A” is full now. Choose another workshop, or ask for its waiting list."
        assert kept(response) == {first: [sentence]} and state(anna) == "confirmed 1B"
        again = form_of(response)
        assert (again[first], again[f"series-{day.series2.pk}"]) == (str(day.a1.pk), str(day.b2.pk))
        assert "Error: " in words(response) and "Nothing is changed yet" in words(response)
        save(team, anna, again | place(day.b1) | wait(day.a1))
        assert state(anna) == "confirmed 1B, waits 1A, 2B"

    def test_a_waiting_list_that_is_needed_no_more_is_said_beside_it(self, team, day):
        ben = register(day, "Ben", take=[day.a1])
        anna = register(day, "Anna")
        sent = opened(team, anna) | wait(day.a1)
        booking.cancel(ben, NOW)
        sentence = "“1A: Workshop 1A” has places again. You can take it as your workshop."
        assert kept(save(team, anna, sent)) == {f"series-{day.series1.pk}-wait": [sentence]}

    def test_two_at_the_same_time_are_said_beside_the_later(self, team, day):
        anna = register(day, "Anna")
        edit(day.a2, starts=day.a1.starts, ends=day.a1.ends)
        sentence = "“1A: Workshop 1A” and “2A: Workshop 2A” are at the same time."
        assert kept(save(team, anna, **place(day.a1), **place(day.a2))) == {f"series-{day.series2.pk}": [sentence]}
        assert state(anna) == "confirmed"

    def test_a_clash_with_what_is_not_touched_is_found_too(self, team, day):
        anna = register(day, "Anna", take=[day.a1])
        edit(day.a2, starts=day.a1.starts, ends=day.a1.ends)
        assert kept(save(team, anna, **place(day.a2))).keys() == {f"series-{day.series2.pk}"}
        assert state(anna) == "confirmed 1A"

    def test_one_that_was_cancelled_meanwhile_is_said_beside_it(self, team, day):
        anna = register(day, "Anna")
        sent = opened(team, anna) | place(day.a1)
        edit(day.a1, status=Status.CANCELLED)
        response = save(team, anna, sent)
        first = f"series-{day.series1.pk}"
        said = "“1A: Workshop 1A” has been cancelled: it will not take place. Choose another workshop."
        assert kept(response) == {first: [said]}
        assert form_of(response)[first] == str(day.a1.pk)

    @pytest.mark.parametrize("values", [{"status": Status.CANCELLED}, {"starts": NOW - 600 * 24 * 60 * MINUTE}])
    def test_an_event_cancelled_or_begun_says_so_and_keeps_what_was_sent(self, team, day, values):
        anna = register(day, "Anna")
        sent = opened(team, anna) | place(day.a1)
        edit(day.event, **values)
        response = save(team, anna, sent)
        assert kept(response).keys() == {"__all__"} and form_of(response)[f"series-{day.series1.pk}"] == str(day.a1.pk)
        assert state(anna) == "confirmed"
        shown = team.get(page_of(anna))
        assert b"workshops_form" not in shown.content and kept(response)["__all__"][0] in words(shown)
        assert "Change workshops" not in words(team.get(of(anna)))

    def test_a_cancelled_registration_says_so(self, team, day):
        anna = register(day, "Anna", take=[day.a1])
        sent = opened(team, anna) | place(day.b1)
        booking.cancel(anna, NOW)
        assert kept(save(team, anna, sent)) == {"__all__": ["This registration is cancelled."]}
        assert "This registration is cancelled." in words(team.get(page_of(anna)))
        assert "Change workshops" not in words(team.get(of(anna)))

    def test_an_event_without_a_workshop_to_choose_says_so(self, day):
        bare = make_day(hours=(), title="Bare day")
        anna = register(bare, "Anna")
        assert "There is no workshop to choose" in words(signed_in(*TEAM).get(page_of(anna)))

    @pytest.mark.parametrize("sent", ["banana", "-1", "9" * 30, "other", "\u0660", "wrong series"])
    def test_what_is_not_offered_is_refused(self, team, day, sent):
        other = a_busy_day(title="Another")
        anna = register(day, "Anna", take=[day.b1])
        key = {"other": other.a1.pk, "wrong series": day.a2.pk}.get(sent, sent)
        first = f"series-{day.series1.pk}"
        assert kept(save(team, anna, **{first: key})) == {first: ["Choose one of the workshops of this series."]}
        assert state(anna) == "confirmed 1B"


class TestMeanwhile:
    """The page was open while somebody else, or a waiting list, changed what they have."""

    def test_a_place_given_meanwhile_is_not_given_back_by_saving_another_series(self, team, day):
        ben = register(day, "Ben", take=[day.a1])
        anna = register(day, "Anna", take=[day.b1], wait=[day.a1])
        sent = opened(team, anna) | place(day.b2)
        booking.cancel(ben, NOW)
        assert state(anna) == "confirmed 1A"
        assert save(team, anna, sent).status_code == 302 and state(anna) == "confirmed 1A, 2B"

    def test_what_was_touched_is_asked_again_where_it_moved(self, team, day):
        ben = register(day, "Ben", take=[day.a1])
        anna = register(day, "Anna", take=[day.b1], wait=[day.a1])
        sent = opened(team, anna) | none_of(day.series1)
        booking.cancel(ben, NOW)
        response = save(team, anna, sent)
        [sentence] = kept(response)[f"series-{day.series1.pk}"]
        assert "changed since you opened the page. Now: “1A: Workshop 1A”." in sentence
        assert state(anna) == "confirmed 1A"
        save(team, anna, form_of(response) | {f"series-{day.series1.pk}-wait": ""})
        assert state(anna) == "confirmed"

    def test_a_series_that_was_not_touched_is_shown_as_it_is_now(self, team, day):
        anna = register(day, "Anna", take=[day.b1])
        sent = opened(team, anna) | place(day.a2)
        change(anna, take=[day.a1])
        register(day, "Ben", take=[day.a2])
        again = form_of(save(team, anna, sent))
        assert again[f"series-{day.series1.pk}"] == str(day.a1.pk)

    def test_a_page_without_what_it_showed_changes_nothing_at_first(self, team, day):
        anna = register(day, "Anna", take=[day.b1])
        bare = {name: value for name, value in opened(team, anna).items() if not name.startswith("seen-")}
        response = save(team, anna, bare | place(day.a1))
        assert response.status_code == 422 and state(anna) == "confirmed 1B"
        assert save(team, anna, form_of(response)).status_code == 302 and state(anna) == "confirmed 1A"


class TestWho:
    def test_the_link_stands_on_the_page_beside_the_other_buttons(self, team, day):
        anna = register(day, "Anna")
        assert f'href="{page_of(anna)}"' in team.get(of(anna)).content.decode()
        looking = signed_in("view_registration", name="guest")
        assert f'href="{page_of(anna)}"' not in looking.get(of(anna)).content.decode()

    def test_who_may_only_look_neither_sees_the_page_nor_changes_anything(self, day):
        anna, client = register(day, "Anna"), signed_in("view_registration", "view_workshopchoice")
        assert client.get(page_of(anna)).status_code == 403
        assert client.post(page_of(anna), place(day.a1)).status_code == 403
        assert state(anna) == "confirmed"

    @pytest.mark.parametrize(
        ("group", "status"), [("Programme editors", 403), ("Registration team", 302), ("Managers", 302)]
    )
    def test_each_group_may_what_its_work_needs(self, client, day, group, status):
        roles.make()
        user = User.objects.create_user("mia", is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        client.force_login(user)
        anna = register(day, "Anna")
        sent = {f"seen-{day.series1.pk}": "-", f"seen-{day.series2.pk}": "-"} | place(day.a1)
        assert client.post(page_of(anna), sent).status_code == status
        assert state(anna) == ("confirmed 1A" if status == 302 else "confirmed")

    def test_who_is_no_staff_is_asked_to_sign_in(self, client, day):
        anna = register(day, "Anna")
        assert client.get(page_of(anna))["Location"] == f"/admin/login/?next={page_of(anna)}"

    def test_who_did_it_is_noted_and_said(self, team, day):
        anna = register(day, "Anna", take=[day.a1])
        save(team, anna, **place(day.b1))
        assert set(WorkshopChoice.history.filter(history_user__username="ruth").values_list("state", flat=True)) == {
            "released", "confirmed",
        }  # fmt: skip
        text = words(team.get(page_of(anna)))
        assert "1A: Workshop 1A – released, by ruth" in text and "1B: Workshop 1B – confirmed, by ruth" in text
        assert "1A: Workshop 1A – confirmed, by the attendee, or the site itself" in text
        entry = LogEntry.objects.get()
        assert (entry.object_repr, entry.user.username, str(entry)) == (
            anna.reference, "ruth", f"Changed “{anna}” — Change workshops",
        )  # fmt: skip


class TestThePage:
    def test_nobody_who_is_not_there_has_workshops(self, team, day):
        assert team.get("/admin/registrations/registration/999999/workshops/").status_code == 404

    def test_it_is_stored_by_nobody(self, team, day):
        assert "no-store" in team.get(page_of(register(day, "Anna")))["Cache-Control"]

    def test_a_draft_workshop_is_not_offered(self, team, day):
        edit(day.b1, status=Status.DRAFT)
        edit(day.b2, title="")
        text = words(team.get(page_of(register(day, "Anna"))))
        assert "1A: " in text and "1B" not in text and "2B" not in text

    def test_times_are_those_of_the_event(self, team, day):
        edit(day.a1, starts=london(14), ends=london(15))
        assert "1A: Workshop 1A (2pm to 3pm)" in words(team.get(page_of(register(day, "Anna"))))

    def test_it_takes_as_many_queries_for_many_workshops_as_for_few(self, team, day):
        anna = register(day, "Anna", take=[day.a1])
        large = a_busy_day(title="Large", hours=(9, 10, 11, 12, 13, 14, 15))
        ben = register(large, "Ben", take=[large.a1])
        assert queries(lambda: team.get(page_of(anna))) == queries(lambda: team.get(page_of(ben)))
        assert Registration.objects.count() == 2


def queries(work):
    with CaptureQueriesContext(connection) as caught:
        work()
    return len(caught)
