"""What is wrong with a form of “My day”: the summary alone says of what and leads there; nothing chosen is unchosen."""

import pytest
from django.test import Client

from registrations import booking
from registrations.answering.answers import Payer
from registrations.models import Registration
from registrations.my_day import transfers
from registrations.way_in import links
from tests.builders import london
from tests.reading import read
from tests.registrations.builders import NOW, edit, make_day, make_ticket_type, register
from tests.registrations.journeys import hidden, place, problems, wait
from tests.registrations.my_day import MyDay, path_of

pytestmark = pytest.mark.django_db
LONG = "x" * 5000


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def day():
    """1A and 2A have one place each, which Bea has; Ada holds 1B and waits for 1A."""
    day = make_day(places=(1, 5))
    paid = make_ticket_type(day.event, "Paid", 5000)
    day.bea = register(day, "Bea", take=[day.a1, day.a2])
    day.ada = register(
        day, "Ada", email="ada@example.org", take=day.b1, wait=day.a1, ticket=paid, payer=Payer("City Charity")
    )
    return day


@pytest.fixture
def ada(day):
    return MyDay(day.ada)


def leads(page):
    """Return the lines of the summary with the id that each leads to; each leads to something."""
    [summary] = page.classed("error-summary")
    found = {" ".join("".join(each.itertext()).split()): each.get("href") for each in summary.iter("a")}
    assert list(found) == problems(page)
    ids = {each.get("id") for each in page.all(".//*[@id]")}
    assert all(to.removeprefix("#") in ids for to in found.values())
    return found


def seen(page, *series):
    return {f"series-{each.pk}-seen": hidden(page, f"series-{each.pk}-seen") for each in series}


def save(mine, day, answers):
    page = mine.get("workshops/")
    return read(mine.post("workshops/", seen(page, day.series1, day.series2) | answers))


def checked(page):
    """Return the answers that are chosen, by the name of their question."""
    return {each.get("name"): each.get("value") for each in page.all(".//input[@checked]")}


LABELS = {
    "details/": {
        "name": "Full name", "phone": "Phone number", "badge_name": "Name on your badge", "pronouns": "Pronouns",
        "organisation": "Organisation", "job_title": "Job title or role",
    },
    "access/": {"other": "Anything else that would help you to take part", "dietary": "What you eat, or must not eat"},
    "order/": {"purchase_order": "Purchase order number", "payer": "Name of the payer",
               "address": "Address for the invoice"},
    "pass-on/": {"name": "Your colleague’s full name"},
    "complain/": {"complaint": "What went wrong"},
}  # fmt: skip


@pytest.mark.parametrize("below", LABELS)
def test_what_is_too_long_is_named_and_led_to(ada, below):
    sent = {"email": "ada@example.org", **dict.fromkeys(LABELS[below], LONG)}
    found = leads(read(ada.post(below, sent)))
    for (said, to), (name, label) in zip(found.items(), LABELS[below].items(), strict=True):
        assert said.startswith(f"“{label}” can be ") and to == f"#id_{name}"


@pytest.mark.parametrize(("below", "sent", "said"), [
    ("details/", {}, {"Enter your full name.": "#id_name", "Enter your e-mail address.": "#id_email"}),
    ("find/", {}, {"Enter your e-mail address.": "#id_email"}),
    ("order/", {}, {"Say who pays: a name for the invoice.": "#id_payer"}),
    ("pass-on/", {}, {"Enter your colleague’s full name.": "#id_name",
                      "Enter your colleague’s e-mail address.": "#id_email"}),
    ("complain/", {}, {"Say what went wrong.": "#id_complaint"}),
    ("erase/", {}, {"Tick the box if you want your data erased.": "#id_sure"}),
])  # fmt: skip
def test_what_is_missing_is_named_and_led_to(ada, below, sent, said):
    assert leads(read(ada.post(below, sent))) == said


def test_on_the_page_of_who_accepts_too(day):
    token = path_of(links.transfer(transfers.begin(day.bea, "Dan", "dan@example.org", NOW)))
    page = read(Client().post(token, {"phone": LONG, "dietary": LONG, "answer": "yes"}))
    assert [said.partition("”")[0] for said in leads(page)] == ["“What you eat, or must not eat", "“Phone number"]


# -- Workshops


@pytest.mark.parametrize(("ending", "said"), [
    ("", "That workshop cannot be chosen. Choose one of Workshop series 1."),
    ("-wait", "That workshop cannot be chosen. Choose one of Workshop series 1."),
    ("-ask", "Say of Workshop series 1 whether we move you or ask you first."),
])  # fmt: skip
def test_a_series_is_named_where_its_answer_is_none(day, ada, ending, said):
    page = save(ada, day, {**place(day.b1), f"series-{day.series1.pk}{ending}": "999999"})
    assert leads(page) == {said: f"#id_series-{day.series1.pk}{ending}_0"}


def test_so_is_one_that_has_changed_meanwhile(day, ada):
    page = ada.get("workshops/")
    booking.cancel(day.bea, NOW)  # which moves Ada into 1A
    page = read(ada.post("workshops/", seen(page, day.series1, day.series2) | place(day.b1) | place(day.b2)))
    assert problems(page)[0].startswith("Workshop series 1 has changed since you opened the page. Now: “1A: Work")


def test_what_somebody_has_stays_chosen_whatever_was_wrong(day, ada):
    """Nothing of series 1 was sent, of series 2 nonsense: the page shows what Ada has of both."""
    first, second = f"series-{day.series1.pk}", f"series-{day.series2.pk}"
    has = {first: str(day.b1.pk), f"{first}-wait": str(day.a1.pk), f"{first}-ask": "move",
           second: "none", f"{second}-wait": "none", f"{second}-ask": "move"}  # fmt: skip
    assert checked(ada.get("workshops/")) == has
    page = save(ada, day, {second: "999999", f"{second}-wait": "x", f"{second}-ask": "y"})
    assert page.status == 422 and checked(page) == has
    page = save(ada, day, dict.fromkeys(has, "999999"))
    assert page.status == 422 and checked(page) == has


def test_what_was_sent_and_can_be_had_stays_chosen_too(day, ada):
    edit(day.b2, starts=london(11), ends=london(12))
    first, second = f"series-{day.series1.pk}", f"series-{day.series2.pk}"
    page = save(ada, day, {**place(day.b1), **place(day.b2), f"{first}-wait": "none", **wait(day.a2)})
    assert page.status == 422 and "are at the same time" in problems(page)[0]
    shown = checked(page)
    assert (shown[first], shown[second]) == (str(day.b1.pk), str(day.b2.pk))
    assert (shown[f"{first}-wait"], shown[f"{second}-wait"]) == ("none", str(day.a2.pk))


def test_a_workshop_that_filled_meanwhile_gives_way_to_what_they_have(day, ada):
    page = ada.get("workshops/")
    register(day, "Cai", take=day.b2)
    edit(day.b2, capacity=1)
    sent = {**place(day.b1), **wait(day.a1), **place(day.b2)}
    page = read(ada.post("workshops/", seen(page, day.series1, day.series2) | sent))
    assert page.status == 422 and "is full now" in problems(page)[0]
    assert checked(page)[f"series-{day.series2.pk}"] == "none"
    assert Registration.objects.get(pk=day.ada.pk).choices.confirmed().get().session == day.b1
