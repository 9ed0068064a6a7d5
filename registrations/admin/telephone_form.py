"""What staff ask somebody who telephones: the same questions as on the site, on one page."""

import datetime
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from django import forms
from django.db import models

from events.models import Event, Session, Status
from registrations import availability, choice_rules
from registrations.admin import workshop_fields
from registrations.answering.answers import Answers, Needs, Payer, Quote
from registrations.models import AccessNeeds, Invoice, Registration, TicketType
from registrations.tickets import prices

PEOPLE = ["name", "email", "phone", "organisation", "job_title", "badge_name", "pronouns", "is_member"]
CONSENTS = ["photo_consent", "mailing_consent", "wants_bursary"]
PAYER = ["payer", "address", "email", "purchase_order"]
NEEDS = [
    "bsl", "hearing_loop", "captions", "step_free", "quiet_room", "prayer_room", "personal_assistant",
    "materials_in_advance", "dietary", "other", "please_call",
]  # fmt: skip
LABELS = {"email": "E-mail", "phone": "Telephone"}
INVOICE_LABELS = {"payer": "Who pays", "address": "Address of the invoice", "email": "E-mail for the invoice"}
CHOOSE = ("", "Choose a ticket")
MISSING = {"name": "Enter the full name of who comes.", "ticket_type": "Choose a ticket."}


def fields_of(model: type[models.Model], names: Iterable[str]) -> dict[str, forms.Field]:
    """Return the form fields of these columns, with their labels and lengths."""
    found = forms.fields_for_model(model, fields=list(names), labels=LABELS)
    for field in found.values():
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs |= {"rows": 4, "class": "vLargeTextField"}
        elif isinstance(field.widget, forms.TextInput):
            field.widget.attrs["class"] = "vTextField"
    return found


def say_plainly(fields: Mapping[str, forms.Field]) -> None:
    """Have these fields say what is wrong in a sentence that names them, once they have their labels."""
    for name, field in fields.items():
        field.error_messages |= {
            "required": MISSING.get(name, f"“{field.label}” cannot be left empty."),
            "max_length": f"“{field.label}” can be %(limit_value)d characters long; it is %(show_value)d.",
        }
        if isinstance(field, forms.EmailField):
            field.error_messages["invalid"] = f"“{field.label}” is to be an address such as name@example.org."


class TelephoneForm(forms.Form):
    """The whole of a registration. Which tickets and workshops there are is read when it is made."""

    ticket_type = forms.ChoiceField(label="Ticket", error_messages={"invalid_choice": "Choose a ticket."})
    invitation_code = forms.CharField(
        label="Invitation code", max_length=100, required=False,
        help_text="Only for a ticket by invitation: what they read out to you.",
    )  # fmt: skip

    def __init__(self, *args: Any, event: Event, now: datetime.datetime, with_needs: bool, **kwargs: Any) -> None:
        """Take the event, the moment, and whether this user may take down access needs."""
        super().__init__(*args, **kwargs)
        self.event_is_full = availability.of_event(event).is_full
        self.fields |= fields_of(Registration, [*PEOPLE, *CONSENTS])
        self.fields["email"].help_text = "May be left empty: then print the letter afterwards."
        self.fields |= {f"invoice_{name}": field for name, field in fields_of(Invoice, PAYER).items()}
        for name, label in INVOICE_LABELS.items():
            self.fields[f"invoice_{name}"].label = label
        self.fields["invoice_payer"].required = False  # a free place needs none; the site’s rules say when
        self.fields |= fields_of(AccessNeeds, NEEDS) if with_needs else {}
        self.tickets = list(TicketType.objects.on_sale(now).filter(event=event))
        self.fields["ticket_type"].choices = [
            CHOOSE,
            *((str(each.pk), words) for each, words in self._ticket_words(event)),
        ]
        self.series: dict[int, str] = {}
        for series, sessions in groupby(_workshops(event, now), key=lambda session: session.series):
            self._ask(series.pk, f"{series.number}: {series.name}", list(sessions), event)
        say_plainly(self.fields)

    def _ticket_words(self, event: Event) -> Iterable[tuple[TicketType, str]]:
        places = availability.of_ticket_types(event)
        for each in self.tickets:
            gone = ", sold out" if each.pk in places and places[each.pk].is_full else ""
            invited = ", by invitation" if each.invitation_code else ""
            yield each, f"{each.name}, {prices.words(each.price)}{invited}{gone}"

    def _ask(self, key: int, name: str, sessions: list[Session], event: Event) -> None:
        """Ask for one workshop of a series, and for one waiting list where something is full."""
        self.series[key] = name
        places = availability.of_sessions(sessions)
        offered = [workshop_fields.option(each, event, places[each.pk].words) for each in sessions]
        full = [option for option, each in zip(offered, sessions, strict=True) if places[each.pk].is_full]
        self.fields[choice_rules.place_field(key)] = workshop_fields.place(offered)
        wait = choice_rules.wait_field(key)
        if self.data.get(wait) or (full and not self.event_is_full):
            # Whatever was full when the page was made may be sent; the site’s rules say what can be waited for now.
            self.fields[wait] = workshop_fields.wait(offered if self.is_bound else full)

    def groups(self) -> list[tuple[str | None, dict[str, Any]]]:
        """Return the fields in groups, as the admin lays them out."""
        asked = [("Who comes", ["name", "badge_name", "pronouns", "organisation", "job_title", "is_member"])]
        asked += [("How to reach them", ["email", "phone"])]
        asked += [("Ticket and who pays", ["ticket_type", "invitation_code", *(f"invoice_{each}" for each in PAYER)])]
        for key, name in self.series.items():
            names = [choice_rules.place_field(key), choice_rules.wait_field(key)]
            asked.append((name, [each for each in names if each in self.fields]))
        if "bsl" in self.fields:
            asked.append(("Access and food", NEEDS))
        asked.append(("What they agree to", CONSENTS))
        return [(name, {"fields": fields}) for name, fields in asked]

    def answers(self, quotes: Mapping[int, Quote]) -> Answers:
        """Return the answers of a valid form, with the price that the page showed."""
        given = self.cleaned_data
        payer = Payer(**{name: given[f"invoice_{name}"] for name in PAYER})
        return Answers(
            quote=quotes[int(given["ticket_type"])],
            invitation_code=given["invitation_code"],
            payer=payer if payer != Payer("") else None,
            wishes={key: workshop_fields.wish(given, key) for key in self.series},
            needs=Needs(**{name: given[name] for name in NEEDS}) if "bsl" in given else None,
            **{name: given[name] for name in [*PEOPLE, *CONSENTS]},
        )


def _workshops(event: Event, now: datetime.datetime) -> list[Session]:
    """The workshops that can be chosen, series by series."""
    found = workshop_fields.of_event(event).filter(status=Status.PUBLISHED)
    return [each for each in found if availability.can_be_had(each, now)]
