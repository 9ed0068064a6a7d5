"""What the page to check says: each question with its answer in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registrations.answering import submission
from registrations.answering.answers import Quote
from registrations.answering.journey import ACCESS, DETAILS, TICKET, WORKSHOPS, Step
from registrations.answering.workshop_questions import SeriesQuestion
from registrations.forms.access import TICKS
from registrations.forms.workshops import LATER_WORDS, NONE, NONE_WORDS, has_room, is_full
from registrations.models import Draft, TicketType
from registrations.tickets import prices


@dataclass(frozen=True, slots=True)
class Row:
    """One question and its answer; `control` is the id of its field. `place` and `wait` are sessions.

    `changed` says why the answer cannot be had as it was given.
    """

    question: str
    answer: str
    control: str = ""
    place: object = None
    wait: object = None
    changed: tuple[str, ...] = ()

    @property
    def has_lines(self) -> bool:
        """Whether the answer has several lines."""
        return "\n" in self.answer


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one step."""

    step: Step
    rows: list[Row]


def parts(
    draft: Draft, quote: Quote, ticket_type: TicketType, questions: list[SeriesQuestion], needs: Mapping
) -> list[Part]:
    """Return all answers of a draft, step by step."""
    given = draft.answers
    found = [Part(DETAILS, list(_details(given["details"]))), Part(TICKET, list(_ticket(draft, quote, ticket_type)))]
    if questions:
        found.append(Part(WORKSHOPS, [_workshop(question, given["workshops"]) for question in questions]))
    return [*found, Part(ACCESS, list(_access(given["access"], needs)))]


def _details(given: Mapping) -> Iterator[Row]:
    yield Row("Full name", given["name"], "id_name")
    yield Row("Phone number", given["phone"], "id_phone")
    yield Row("Name on your badge", given["badge_name"] or given["name"], "id_badge_name")
    yield Row("Pronouns", given["pronouns"], "id_pronouns")
    yield Row("News from Clinks", "Yes, please" if given["mailing_consent"] else "No, thank you", "id_mailing_consent")


def _ticket(draft: Draft, quote: Quote, ticket_type: TicketType) -> Iterator[Row]:
    given = draft.answers["ticket"]
    yield Row("Organisation", given["organisation"], "id_organisation")
    yield Row("Job title or role", given["job_title"], "id_job_title")
    yield Row("Member of Clinks", "Yes" if given["is_member"] else "No", "id_is_member")
    price = prices.words(quote.price) if quote.price else "nothing to pay"
    yield Row("Ticket", f"{ticket_type.name}, {price}", "id_ticket_type_0")
    help_words = "Yes, please write to me about it" if given["wants_bursary"] else "Not asked for"
    yield Row("Help with the cost", help_words, "id_wants_bursary")
    payer = submission.payer(draft)
    if quote.price and payer:
        yield Row("Who pays", payer.payer, "id_pays_0")
        yield Row("Address for the invoice", payer.address, "id_invoice_address")
        yield Row("The invoice goes to", payer.email or draft.answers["details"]["email"], "id_invoice_email")
        yield Row("Purchase order number", payer.purchase_order, "id_invoice_purchase_order")


def _workshop(question: SeriesQuestion, given: Mapping) -> Row:
    sessions = {str(each.pk): each for each in [*question.open, *question.full]}
    chosen = given.get(question.place_name)
    place, wait = sessions.get(chosen), sessions.get(given.get(question.wait_name))
    changed = [is_full(place)] if place in question.full else []
    if wait in question.open and not question.event_full:
        changed.append(has_room(wait))
    words = NONE_WORDS if chosen == NONE else LATER_WORDS
    if not question.asks:
        words = "To be announced"
    control = f"series-{question.series.number}"
    return Row(question.series.name, "" if place else words, control, place, wait, tuple(changed))


def _access(given: Mapping, needs: Mapping) -> Iterator[Row]:
    ticked = "; ".join(label for name, label in TICKS.items() if needs.get(name))
    yield Row("What you need", ticked, "id_bsl")
    yield Row("Anything else", needs.get("other", ""), "id_other")
    yield Row("Call me about this", "Yes" if needs.get("please_call") else "No", "id_please_call")
    yield Row("Food", needs.get("dietary", ""), "id_dietary")
    words = "Photographs may show me" if given.get("photo_consent") else "No photographs of me"
    yield Row("Photographs", words, "id_photo_consent")
