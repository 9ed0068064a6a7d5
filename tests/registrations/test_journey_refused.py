"""What the journey does not take: every wrong answer, the wrong order, the wrong tab, too much, too late, no database.

Each time it is a sentence with a status of 4xx (503 where it is not the visitor's fault), nothing is written, and
nothing that was typed is lost.
"""

import copy
import datetime
import re
import urllib.parse

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client

from events.models import Status
from events.storing.asking import Question
from events.views import access
from registrations import booking, limits
from registrations.answering import drafts
from registrations.models import Draft, DraftAccess, RateCount, Registration
from registrations.problems import Busy
from tests.builders import make_event, make_listing
from tests.conference.test_large_bodies import Unread
from tests.reading import read
from tests.registrations.builders import NOW, edit, make_day, make_ticket_type, register
from tests.registrations.journeys import ADA, Journey, hidden, later, place, problems, wait

NOBODYS = "12007479-5117-40c6-be54-2f9537d74973"  # a key as ours are, which no draft has
pytestmark = pytest.mark.usefixtures("undone")
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> =SUM(A1) {{ 7*7 }} ÿ€"


@pytest.fixture(autouse=True)
def clock():
    """Stand on NOW."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="module")
def day_once(looking):
    """A day with two series and two tickets, made once."""
    day = make_day(places=(1, None))
    day.paid = make_ticket_type(day.event, "Member", 5000, order=1)
    day.invited = make_ticket_type(day.event, "By invitation", 0, order=2, invitation_code="LOOM-10")
    return day


@pytest.fixture
def day(day_once, undone):
    """That day; what the test does with it is undone."""
    return copy.deepcopy(day_once)


@pytest.fixture
def journey(day):
    """Somebody who has answered everything."""
    return Journey(day.event).begin().answer()


def kept():
    """Return all that the drafts hold, and how many registrations there are."""
    access = list(DraftAccess.objects.values_list("answers", flat=True))
    return list(Draft.objects.values_list("answers", flat=True)), access, Registration.objects.count()


# -- Wrong answers

LONG = "x" * 3000
STEPS = {
    "details": ("name", "email", "phone", "badge_name", "pronouns"),
    "ticket": (
        "organisation", "job_title", "invitation_code", "invoice_payer", "invoice_address", "invoice_email",
        "invoice_purchase_order",
    ),
    "access": ("other", "dietary"),
}  # fmt: skip
FIELDS = [(step, field) for step, fields in STEPS.items() for field in fields]


def right(day, step):
    """Return answers that this step takes."""
    return {"details": ADA, "ticket": {"ticket_type": day.ticket.pk}, "access": {}}[step]


@pytest.mark.parametrize(("step", "field"), FIELDS)
def test_what_is_too_long_is_said_beside_the_field_and_kept(day, journey, step, field):
    before = kept()
    page = read(journey.post(step, {**right(day, step), field: LONG}))
    assert page.status == 422 and page.title.startswith("Error: ")
    assert len(problems(page)) == 1 and page.link(problems(page)[0]) == f"#id_{field}"
    [label] = [" ".join(each.itertext()) for each in page.all(".//label") if each.get("for") == f"id_{field}"]
    assert label.removesuffix(" (optional)").strip() in problems(page)[0] or field in ("email", "invoice_email")
    assert LONG in page.source
    [control] = [each for each in page.tree.iter() if each.get("id") == f"id_{field}"]
    assert control.get("aria-invalid") == "true"
    described = control.get("aria-describedby").split()
    assert f"id_{field}_error" in described
    [error] = [each for each in page.tree.iter() if each.get("id") == f"id_{field}_error"]
    assert problems(page)[0] in "".join(error.itertext())
    assert kept() == before


def test_the_summary_tells_one_long_answer_from_another(day, journey):
    page = read(journey.post("details", {**ADA, "name": "x" * 201, "badge_name": "x" * 202}))
    assert problems(page) == [
        "“Full name” can be 200 characters long; it is 201.",
        "“Name on your badge” can be 200 characters long; it is 202.",
    ]
    paid = {"ticket_type": day.paid.pk, "pays": "me", "invoice_email": "nonsense"}
    said = "Enter an e-mail address for the invoice, such as name@example.org."
    assert problems(read(journey.post("ticket", paid))) == [said]


# Zero width, byte order mark, soft hyphen, word joiner, Hangul fillers, the Braille blank, an accent on nothing.
UNSEEN = ["\u200b\ufeff", "\u00ad\u2060", "\u3164 \uffa0\u115f", "\u2800", " \u0301", "\u00a0\u3000", "\U000e0041"]


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_that_nobody_sees_is_none(journey, name):
    page = read(journey.post("details", {**ADA, "name": name}))
    assert (page.status, problems(page)) == (422, ["Enter your full name."])
    journey.post("details", {**ADA, "badge_name": name})
    assert journey.get("check").beside("Name on your badge") == "Ada Lovelace"
    journey.confirm()
    colleague = {"name": name, "email": "bo@example.org", "colleague": hidden(journey.get("colleague"), "colleague")}
    assert problems(read(journey.post("colleague", colleague))) == ["Enter your colleague’s full name."]


@pytest.mark.parametrize("name", ["क्\u200dष", "می\u200cخواهم", "👩\u200d🍳", "\ue000", "Ada\u200b", "-"])
def test_a_name_with_letters_that_join_others_is_one(journey, name):
    assert journey.post("details", {**ADA, "name": name}).status_code == 302


SHOWN = [
    (step, field) for step, field in FIELDS if "email" not in field and field not in ("pronouns", "invitation_code")
]


@pytest.mark.parametrize(("step", "field"), SHOWN)
def test_markup_and_formulas_are_shown_as_letters(day, journey, step, field):
    paid = {"ticket_type": day.paid.pk, "pays": "other", "invoice_payer": "X"} if step == "ticket" else {}
    assert journey.post(step, {**right(day, step), **paid, field: HOSTILE[:40]}).status_code == 302
    for shown in (step, "check"):
        source = journey.get(shown).source
        assert "<script>alert" not in source and "<img src=x" not in source
        assert "&lt;script&gt;" in source


@pytest.mark.parametrize(("step", "field"), FIELDS)
def test_a_null_byte_is_answered_with_all_that_was_typed(day, journey, step, field):
    before = kept()
    page = read(journey.post(step, {**right(day, step), "organisation": "The Table", field: "a\0b@example.org"}))
    assert page.status == 400
    assert hidden(page, field) == "ab@example.org" and hidden(page, "key") == journey.key
    assert kept() == before


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u2069"])
def test_marks_that_turn_what_follows_are_left_out(day, journey, mark):
    journey.post("details", {**ADA, "name": f"Ada{mark} King"})
    assert mark not in journey.get("check").source
    journey.confirm()
    assert Registration.objects.get().name == "Ada King"


@pytest.mark.parametrize(
    ("step", "answers", "said"),
    [
        ("details", {"name": "", "email": ""}, ["Enter your full name.", "Enter your e-mail address."]),
        ("details", {"name": "  ", "email": "a@"}, ["Enter your full name.",
            "Enter an e-mail address such as name@example.org."]),
        ("ticket", {}, ["Choose a ticket."]),
        ("ticket", {"ticket_type": "nonsense"}, ["This ticket cannot be had. Choose another."]),
        ("ticket", {"ticket_type": "9" * 40}, ["This ticket cannot be had. Choose another."]),
    ],
)  # fmt: skip
def test_what_is_missing_or_no_answer_at_all_is_said(journey, step, answers, said):
    before = kept()
    page = read(journey.post(step, answers))
    assert (page.status, problems(page)) == (422, said)
    assert kept() == before
    [summary] = page.classed("error-summary")
    assert (summary.get("role"), summary.get("tabindex")) == ("alert", "-1") and "autofocus" in summary.attrib


@pytest.mark.parametrize(
    ("answers", "said", "control"),
    [
        ({}, "Say who pays: a name for the invoice.", "#id_pays_0"),
        ({"pays": "the king"}, "Say who pays: a name for the invoice.", "#id_pays_0"),
        ({"pays": "organisation"}, "Enter the name of your organisation, which pays.", "#id_organisation"),
        ({"pays": "other"}, "Enter the name of who pays.", "#id_invoice_payer"),
    ],
)
def test_a_paid_ticket_needs_a_payer(day, journey, answers, said, control):
    page = read(journey.post("ticket", {"ticket_type": day.paid.pk, **answers}))
    assert (page.status, problems(page)) == (422, [said])
    assert page.link(said) == control


def test_a_ticket_by_invitation_needs_its_code_however_it_was_heard(day, journey):
    free = day.invited
    for code in ("", "LOOM-11"):
        page = read(journey.post("ticket", {"ticket_type": free.pk, "invitation_code": code}))
        assert problems(page) == ["This is not the code for that ticket."]
    assert journey.post("ticket", {"ticket_type": free.pk, "invitation_code": "l00m i0"}).status_code == 302
    journey.confirm()
    assert Registration.objects.get().ticket_type == free


def test_a_sold_out_ticket_says_so_and_cannot_be_chosen(day, journey):
    gone = make_ticket_type(day.event, "Gone", 0, capacity=0)
    page = journey.get("ticket")
    assert "Sold out" in page.main
    assert str(gone.pk) not in [each.get("value") for each in page.all(".//input[@type='radio']")]
    page = read(journey.post("ticket", {"ticket_type": gone.pk}))
    assert problems(page) == ["There are no more tickets “Gone”. Choose another."]


def test_a_ticket_of_another_event_or_not_yet_on_sale_cannot_be_had(day, journey):
    others = make_ticket_type(make_event("Elsewhere"), "Theirs")
    soon = make_ticket_type(day.event, "Soon", available_from=later(days=1))
    for ticket_type in (others, soon):
        page = read(journey.post("ticket", {"ticket_type": ticket_type.pk}))
        assert (page.status, problems(page)) == (422, ["This ticket cannot be had. Choose another."])


# -- Workshops


NONE_OF_IT = "That workshop cannot be chosen. Choose one of Workshop series 1."


def test_a_workshop_that_is_none_of_this_series_is_refused(day, journey):
    elsewhere = make_day(event=make_event("Elsewhere"))
    strangers = [elsewhere.a1.pk, day.a2.pk, 0, -1, "9" * 30, "nonsense", "1e3"]
    for stranger in strangers:
        page = read(journey.post("workshops", {f"series-{day.series1.pk}": stranger} | place(day.b2)))
        assert (page.status, problems(page)) == (422, [NONE_OF_IT]), stranger
        assert [each.get("value") for each in page.all(".//input[@checked]")] == [str(day.b2.pk)]
    assert journey.post("workshops", {f"series-{elsewhere.series1.pk}": elsewhere.a1.pk}).status_code == 302
    journey.confirm()
    assert Registration.objects.get().choices.count() == 0


@pytest.mark.parametrize("status", [Status.DRAFT, Status.CANCELLED])
def test_a_draft_or_cancelled_workshop_cannot_be_chosen(day, journey, status):
    edit(day.b1, status=status)
    assert "1B" not in journey.get("workshops").main
    page = read(journey.post("workshops", place(day.b1)))
    assert (page.status, len(problems(page))) == (422, 1)


def test_a_workshop_not_yet_announced_can_be_read_about_and_not_chosen(day, journey):
    edit(day.b1, title="")
    page = journey.get("workshops")
    assert page.link("1B").endswith(f"/agenda/{day.b1.slug}/")
    assert read(journey.post("workshops", place(day.b1))).status == 422


def test_two_workshops_at_the_same_time_cannot_be_sent(journey, day):
    edit(day.a2, starts=day.a1.starts, ends=day.a1.ends)
    page = read(journey.post("workshops", place(day.a1) | place(day.a2)))
    assert page.status == 422
    assert problems(page) == ["“1A: Workshop 1A” and “2A: Workshop 2A” are at the same time."]
    assert {each.get("value") for each in page.all(".//input[@checked]")} == {str(day.a1.pk), str(day.a2.pk)}


def test_a_full_workshop_can_only_be_waited_for(day, journey):
    booking_of_another = (
        Journey(day.event).begin().answer(details={"name": "Bo", "email": "bo@example.org"}, workshops=place(day.a1))
    )
    booking_of_another.confirm()
    page = journey.get("workshops")
    radios = {(each.get("name"), each.get("value")) for each in page.all(".//input[@type='radio']")}
    assert (f"series-{day.series1.pk}-wait", str(day.a1.pk)) in radios
    assert (f"series-{day.series1.pk}", str(day.a1.pk)) not in radios
    assert problems(read(journey.post("workshops", place(day.a1)))) == [
        "“1A: Workshop 1A” is full now. Choose another workshop, or ask for its waiting list."
    ]
    assert problems(read(journey.post("workshops", wait(day.b1)))) == [
        "“1B: Workshop 1B” has places again. You can take it as your workshop."
    ]


# -- Far too much


FORM = "application/x-www-form-urlencoded"


def send(journey, step, answers, **headers):
    """Send answers as a browser does."""
    body = urllib.parse.urlencode({"key": journey.key, **answers})
    return journey.client.post(journey.address(step), body, content_type=FORM, headers=headers)


def test_three_megabytes_in_one_answer_cost_nobody_the_others(journey):
    before = kept()
    page = read(send(journey, "details", {**ADA, "phone": "020 7946 0001", "pronouns": "é" + "x" * 3_000_000}))
    assert (page.status, page.texts(".//h1")) == (413, ["One answer is too long"])
    assert (hidden(page, "name"), hidden(page, "phone")) == ("Ada Lovelace", "020 7946 0001")
    assert hidden(page, "key") == journey.key and kept() == before
    assert page.texts(".//main//button") == ["Send my answers again"]
    sent = {each.get("name"): each.get("value") for each in page.all(".//main//form//input")}
    again = read(journey.client.post(journey.address("details"), sent))
    assert (again.status, problems(again)) == (422, ["“Pronouns” can be 40 characters long; it is 5000."])
    assert "020 7946 0001" in again.source


def test_the_answers_of_a_form_that_was_too_long_are_sent_again_with_a_token_that_fits(day):
    client = Client(enforce_csrf_checks=True)
    journey = Journey(day.event, client)
    journey.post(csrfmiddlewaretoken=hidden(journey.get(), "csrfmiddlewaretoken"))
    journey.get("details")
    page = read(send(journey, "details", {**ADA, "pronouns": "x" * 3_000_000}))
    sent = {each.get("name"): each.get("value") for each in page.all(".//main//form//input")} | {"pronouns": "she"}
    assert client.post(journey.address("details"), sent).status_code == 302
    assert Draft.objects.get().answers["details"]["pronouns"] == "she"


def test_far_too_many_answers_or_another_site_s_are_not_sent_again(journey):
    many = read(send(journey, "details", {f"x{number}": "x" * 500 for number in range(5_001)}))
    assert many.status == 400 and "Go back in your browser" in many.main
    page = read(send(journey, "details", {"name": "x" * 3_000_000}, **{"sec-fetch-site": "cross-site"}))
    assert page.status == 413 and page.texts(".//main//button") == []


@pytest.mark.parametrize("length", [8 * 1024 * 1024 + 1, 32 * 1024 * 1024 + 1])
def test_what_is_larger_still_is_not_read_and_says_how_to_go_on(journey, length):
    said = {"CONTENT_LENGTH": str(length), "wsgi.input": Unread()}
    page = read(journey.client.generic("POST", journey.address("details"), b"name=Ada", FORM, **said))
    assert page.status == 400
    assert "Go back in your browser: your answers mostly still stand there." in page.main


def test_elsewhere_a_body_that_is_too_long_is_told_as_before(journey):
    page = read(journey.client.post("/events/", {"name": "x" * 3_000_000}))
    assert page.status == 400 and "We could not make sense" in page.main


# -- The wrong order, the wrong tab, no cookie


@pytest.mark.parametrize(
    ("done", "asked", "lead"),
    [
        ([], "ticket", "details"),
        ([], "check", "details"),
        (["details"], "workshops", "ticket"),
        (["details", "ticket"], "check", "workshops"),
        (["details", "ticket", "workshops"], "check", "access"),
    ],
)
def test_a_step_out_of_order_leads_to_the_first_unanswered(day, done, asked, lead):
    journey = Journey(day.event).begin()
    for step in done:
        journey.post(step, {"details": ADA, "ticket": {"ticket_type": day.ticket.pk}}.get(step, {}))
    assert journey.client.get(journey.address(asked)).headers["Location"] == journey.address(lead)
    before = kept()
    page = read(journey.post(asked, {"organisation": "The Long Table"}))
    assert page.status == 409 and "The Long Table" in page.main
    assert page.link("Go on with the first question") == journey.address(lead)
    assert kept() == before


def test_without_a_draft_every_step_leads_to_the_start(day):
    journey = Journey(day.event)
    for step in ("details", "ticket", "workshops", "access", "check", "confirmed", "colleague"):
        assert journey.client.get(journey.address(step)).headers["Location"] == journey.at


@pytest.mark.parametrize("step", ["details", "ticket", "workshops", "access", "check"])
@pytest.mark.parametrize("cookie", [None, "forged", "nonsense:with:parts", NOBODYS, "\"'<script>"])
def test_a_missing_or_forged_cookie_is_told_in_a_sentence_with_the_answers(day, journey, step, cookie):
    before = kept()
    del journey.client.cookies["registration"]
    if cookie:
        journey.client.cookies["registration"] = cookie
    page = read(journey.post(step, {"organisation": "The Long Table", "name": "Ada King"}))
    assert page.status == 409 and "Your registration has expired" in page.texts(".//h1")
    assert "Ada King" in page.main and page.link("Start again") == journey.at
    assert kept() == before


def test_a_cookie_signed_with_another_key_is_forged(day, journey, settings):
    settings.SECRET_KEY = "another-key-that-is-just-as-long-as-a-key-has-to-be-here-0123456789"
    assert read(journey.post("details", ADA)).status == 409


def test_after_a_day_the_draft_is_expired_and_then_deleted(day, journey, clock):
    clock.move_to(later(hours=24, seconds=1))
    page = read(journey.post("details", {**ADA, "name": "Ada King"}))
    assert page.status == 409 and "24 hours" in page.main and "Ada King" in page.main
    assert drafts.forget(later(hours=24, seconds=1)) == 1
    assert Draft.objects.count() == DraftAccess.objects.count() == 0


def test_drafts_of_today_are_not_deleted(journey):
    assert drafts.forget(later(hours=23)) == 0
    assert Draft.objects.count() == 1 and DraftAccess.objects.count() == 1


def test_a_tab_whose_draft_is_not_the_browser_s_last_is_told_so(day):
    first = Journey(day.event).begin().answer()
    second = Journey(day.event, first.client).begin()
    assert first.key != second.key
    before = kept()
    for step in ("details", "ticket", "workshops", "access", "check"):
        page = read(first.client.post(first.address(step), {"key": first.key, "name": "Ada King"}))
        assert page.status == 409 and "This page is out of date" in page.texts(".//h1")
        assert "Ada King" in page.main
    assert kept() == before


@pytest.mark.parametrize("key", ["", "nonsense", NOBODYS])
def test_a_form_without_the_draft_s_key_is_not_taken(journey, key):
    before = kept()
    assert journey.post("details", {**ADA, "key": key}).status_code == 409
    assert kept() == before


def test_a_draft_is_of_one_event(day, journey):
    other = make_day(event=make_event("Elsewhere"))
    at = f"/events/{other.event.slug}/register/"
    assert journey.client.get(f"{at}details/").headers["Location"] == at
    assert journey.client.post(f"{at}details/", {"key": journey.key, **ADA}).status_code == 409


@pytest.mark.parametrize("shown", ["", "forged", None])
def test_a_price_that_the_site_did_not_show_is_not_taken(day, journey, shown):
    own = hidden(journey.get("check"), "shown")
    other = hidden(Journey(day.event).begin().answer().get("check"), "shown")
    page = read(journey.post("check", shown=other if shown is None else shown))
    assert page.status == 409 and Registration.objects.count() == 0
    assert own and page.title.startswith("Error: ")


# -- An expired CSRF token


@pytest.mark.parametrize("step", ["", "details", "ticket", "workshops", "access", "check", "colleague"])
def test_an_expired_token_is_told_with_the_answers_and_a_way_to_send_them_again(day, step):
    journey = Journey(day.event, Client(enforce_csrf_checks=True))
    journey.key = NOBODYS
    page = read(journey.post(step, {"name": "Ada King", "csrfmiddlewaretoken": "x" * 64}))
    assert page.status == 403 and kept() == ([], [], 0)
    assert "Ada King" in page.main and hidden(page, "key") == journey.key
    assert page.texts(".//button") == ["Send my answers again"]


@pytest.mark.parametrize("below", ["", "forget/"])
@pytest.mark.parametrize("token", [{}, {"csrfmiddlewaretoken": "x" * 64}])
def test_a_button_without_answers_is_not_told_to_send_them_again(day, below, token):
    journey = Journey(day.event, Client(enforce_csrf_checks=True))
    page = read(journey.client.post(journey.at + below, token))
    assert page.status == 403 and page.texts(".//main//h1") == ["Please start again"]
    assert page.link("Start again") == journey.at and page.texts(".//main//button") == []
    assert "send your answers" not in page.main.lower() and kept() == ([], [], 0)


def test_the_answers_sent_again_with_the_new_token_are_taken(day):
    client = Client(enforce_csrf_checks=True)
    journey = Journey(day.event, client)
    token = hidden(journey.get(), "csrfmiddlewaretoken")
    journey.post(csrfmiddlewaretoken=token)
    token = hidden(journey.get("details"), "csrfmiddlewaretoken")
    client.cookies["csrftoken"] = "y" * 32
    again = read(journey.post("details", ADA, csrfmiddlewaretoken=token))
    assert again.status == 403
    sent = {each.get("name"): each.get("value") for each in again.all(".//form//input")}
    assert client.post(journey.address("details"), sent).status_code == 302
    assert Draft.objects.get().answers["details"]["name"] == "Ada Lovelace"


# -- Too much


def test_too_many_answers_are_kept_and_told_when_to_send_them(journey, monkeypatch):
    monkeypatch.setattr(limits, "question", lambda limit, caller, now: Question("SELECT 1", [], lambda rows: 600))
    before = kept()
    page = read(journey.post("details", {**ADA, "name": "Ada King"}))
    assert (page.status, page.response["Retry-After"]) == (429, "600")
    assert "in 10 minutes" in page.main and "Ada King" in page.main and hidden(page, "name") == "Ada King"
    assert kept() == before


def test_steps_and_confirmations_are_counted_apart_by_the_client_s_address(day, settings):
    import ipaddress

    settings.TRUSTED_PROXIES = [ipaddress.ip_network("127.0.0.1")]
    for address in ("192.0.2.1", "192.0.2.2"):
        Journey(day.event, Client(headers={"x-forwarded-for": address})).begin().answer(
            details={"name": address, "email": "a@example.org"}
        ).confirm()
    counts = RateCount.objects.values_list("limit", "count")
    assert sorted(counts) == [("confirmations", 1), ("confirmations", 1), ("steps", 5), ("steps", 5)]


def test_the_hundred_and_twenty_first_confirmation_of_an_hour_waits(day, journey):
    check = journey.get("check")
    key = RateCount.objects.get(limit="steps").key_hash
    assert limits.CONFIRMATIONS.an_hour == 120 and limits.STEPS.an_hour == 3000 and key
    for _ in range(120):
        limits.seconds_to_wait(limits.CONFIRMATIONS, "127.0.0.1", NOW)
    page = read(journey.confirm(check))
    assert page.status == 429 and hidden(page, "shown") == hidden(check, "shown")
    assert Registration.objects.count() == 0
    with time_machine.travel(NOW + datetime.timedelta(hours=1), tick=False):
        # The price is asked again after so long only where it changed.
        assert journey.client.post(journey.address("check"), {
            "key": hidden(page, "key"), "shown": hidden(page, "shown"),
        }).status_code == 302  # fmt: skip
    assert Registration.objects.count() == 1


# -- Busy, and away


def test_when_too_many_book_at_once_the_page_comes_back_with_all_answers(journey, monkeypatch):
    check = journey.get("check")

    def busy(*args, **kwargs):
        raise Busy

    monkeypatch.setattr(booking, "register", busy)
    page = read(journey.confirm(check))
    assert page.status == 503 and page.response["Retry-After"]
    assert "Nothing is lost: please try again." in page.main and "Ada Lovelace" in page.main
    monkeypatch.undo()
    assert journey.confirm(page).status_code == 302
    assert Registration.objects.count() == 1


def test_who_came_too_late_while_waiting_for_their_turn_sees_the_places_as_they_are_then(monkeypatch):
    """The page of a refusal is as true as the refusal: both were asked for after the wait."""
    with time_machine.travel(NOW, tick=False):
        day = make_day(places=(1, None))
        ada = Journey(day.event).begin().answer(workshops=place(day.a1))
        check, book = ada.get("check"), booking.register

        def after_eve(*args, **kwargs):
            monkeypatch.undo()
            register(day, "Eve", take=day.a1)
            return book(*args, **kwargs)

        monkeypatch.setattr(booking, "register", after_eve)
        page = read(ada.confirm(check))
        assert page.status == 409
        assert "Workshop 1A Full – join the waiting list" in page.main
        assert "Also put me on the waiting list for" in page.main
        assert len(page.classed("in-error")) == 1


@pytest.mark.parametrize("step", ["details", "ticket", "workshops", "access", "check", "colleague"])
def test_when_the_database_is_away_the_answers_are_in_the_page(journey, monkeypatch, step):
    def away(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(access, "ask_first", away)
    journey.client.raise_request_exception = False
    page = read(journey.post(step, {"name": "Ada King", "other": "A seat\nnear the door", "ticket_type": "7"}))
    assert page.status == 503 and page.response["Retry-After"]
    assert hidden(page, "key") == journey.key and hidden(page, "ticket_type") == "7"
    assert "Ada King" in page.main and "A seat\nnear the door" in page.source
    assert page.response["Cache-Control"] == "no-store, private"


# -- Nobody can register


def start(event):
    return Journey(event).get()


@pytest.mark.parametrize(
    ("values", "heading", "said"),
    [
        ({"booking_opens": later(days=1)}, "Booking has not opened yet", "Sunday 2 May 2027 at 10am"),
        ({"booking_closes": later(hours=-1)}, "Booking has closed", "Saturday 1 May 2027 at 9am"),
        ({"status": Status.CANCELLED}, "This event is cancelled", "will not take place"),
        ({"outside_url": "https://example.org/"}, "Booking is on another page", "booked elsewhere"),
    ],
)
def test_where_nobody_can_register_the_page_says_so_and_what_to_do(day, values, heading, said):
    journey = Journey(day.event).begin()
    edit(day.event, **values)
    page = start(day.event)
    assert (page.status, page.texts(".//h1")) == (200, [heading])
    assert said in page.main and "020 7946 0958" in page.main
    assert page.all(".//form") == []
    assert journey.client.post(journey.at).status_code == 409
    assert journey.client.get(journey.address("details")).headers["Location"] == journey.at
    kept_page = read(journey.post("details", {"name": "Ada King"}))
    assert kept_page.status == 409 and "Ada King" in kept_page.main
    assert Draft.objects.get().answers == {}


def test_before_booking_opens_the_moment_can_be_put_into_a_calendar(day):
    edit(day.event, booking_opens=later(days=1))
    page = start(day.event)
    response = Client().get(page.link("Add the moment to your calendar"))
    assert response["Content-Type"].startswith("text/calendar") and b"DTSTART" in response.content


def test_a_past_event_says_so(day, clock):
    clock.move_to(day.event.ends)
    assert start(day.event).texts(".//h1") == ["This event has taken place"]


def test_a_listing_says_with_whom_to_book():
    listing = make_listing(outside_url="https://example.org/", organiser="Others")
    page = start(listing)
    assert page.texts(".//h1") == ["Booking is not with us"] and "Others runs this event" in page.main


def test_an_event_without_tickets_on_sale_says_whom_to_ask():
    assert start(make_event()).texts(".//h1") == ["No tickets are on sale at present"]


def test_a_draft_event_is_not_found(day):
    edit(day.event, status=Status.DRAFT)
    assert Client().get(f"/events/{day.event.slug}/register/").status_code == 404


def test_a_former_address_of_the_event_leads_to_the_journey(day):
    old = day.event.slug
    edit(day.event, slug="new-address")
    assert Client().get(f"/events/{old}/register/").headers["Location"] == "/events/new-address/register/"


def test_booking_that_closes_in_the_middle_is_said_at_the_end(day, journey, clock):
    check = journey.get("check")
    edit(day.event, booking_closes=later(minutes=5))
    clock.move_to(later(minutes=6))
    page = read(journey.confirm(check))
    assert page.status == 409 and "Booking closed on" in page.main
    assert Registration.objects.count() == 0


def test_every_hidden_key_is_the_draft_s(journey):
    for step in ("details", "ticket", "workshops", "access", "check"):
        assert re.findall(r'name="key" value="([^"]*)"', journey.get(step).source) == [journey.key]
