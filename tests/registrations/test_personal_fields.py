"""What is held is listed: each personal field, the same in code, in the document and on the privacy page."""

import datetime
import re

import pytest
from django.apps import apps
from django.db import models
from simple_history.models import registered_models

from pages.loading import TEXTS
from registrations.answering import drafts
from registrations.data_rights import complaining, personal_fields, retention
from registrations.data_rights.personal_fields import HELD
from tests.registrations.canaries import left_of
from tests.registrations.somebody import a_day, whole
from tests.test_architecture import ROOT

# Words and marks that are about no attendee; everything else of these kinds has to be listed.
NOT_PERSONAL = {
    "TicketType.name", "TicketType.audience", "TicketType.invitation_code",
    "RateCount.limit",
    # simple_history's own, of every history
    "history_type", "history_change_reason",
}  # fmt: skip
MAY_BE_PERSONAL = (
    models.CharField, models.TextField, models.JSONField, models.BooleanField, models.UUIDField, models.FileField,
    models.GenericIPAddressField, models.BinaryField,
)  # fmt: skip
REST = ", and then as below"
DOCUMENT = (ROOT / "docs" / "data-protection.md").read_text()
PRIVACY = " ".join((TEXTS / "privacy.md").read_text().split())


def fields_of_models(found):
    """Return every field that may be personal, as Model.field; a history’s as that of what it repeats."""
    histories = {each.history.model: each for each in registered_models.values()}
    names = set()
    for model in found:
        base = histories.get(model, model)
        own = {each.name for each in base._meta.concrete_fields}
        for each in model._meta.concrete_fields:
            if isinstance(each, MAY_BE_PERSONAL):
                names.add(f"{base.__name__}.{each.name}" if each.name in own else each.name)
    return names


def listed():
    return {name for held in HELD for name in held.fields}


def not_listed(found):
    return fields_of_models(found) - listed() - NOT_PERSONAL


def test_each_personal_field_is_listed():
    assert not_listed(apps.get_app_config("registrations").get_models()) == set()


def test_one_that_is_missing_is_found():
    class Diary(models.Model):  # noqa: DJ008
        secret = models.TextField()

        class Meta:
            app_label = "registrations"
            managed = False

    try:
        assert not_listed([Diary]) == {"Diary.secret"}
    finally:
        del apps.all_models["registrations"]["diary"]
        apps.clear_cache()


def test_nothing_is_listed_that_is_not_there_nor_twice():
    names = [name for held in HELD for name in held.fields]
    assert len(names) == len(set(names))
    assert set(names) | NOT_PERSONAL >= fields_of_models(apps.get_app_config("registrations").get_models())
    # One that refers to something else is listed where the row says something of somebody by being there.
    for model, _, field in (name.partition(".") for name in names):
        apps.get_model("registrations", model)._meta.get_field(field)


def test_the_document_has_the_same_table():
    assert personal_fields.as_table() in DOCUMENT


def missing_on(page):
    return {held.until for held in HELD if held.until.removesuffix(REST) not in page}


def test_the_privacy_page_says_the_same_periods():
    assert missing_on(PRIVACY) == set()


def test_one_that_is_missing_there_is_found():
    for held in HELD:
        said = held.until.removesuffix(REST)
        assert held.until in missing_on(PRIVACY.replace(said, "some time later")), said


def test_the_periods_are_those_by_which_things_are_deleted():
    days = {complaining.KEPT: "12 months", retention.MESSAGES_ARE_KEPT: "30 days", drafts.KEPT: "24 hours"}
    assert {length: personal_fields.period(length) for length in days} == days
    until = {held.name: held.until for held in HELD}
    assert until["Access and food"].startswith(personal_fields.period(retention.ACCESS_NEEDS_ARE_KEPT))
    assert until["What we wrote"].startswith(personal_fields.period(retention.MESSAGES_ARE_KEPT))
    assert until["Who you are"].startswith(personal_fields.period(retention.REGISTRATIONS_ARE_KEPT))
    assert personal_fields.period(datetime.timedelta(days=45)) == "45 days"


def test_the_page_promises_no_other_period():
    """Each number of hours, days, months or years about bookings on the privacy page is one of those in the list."""
    own = PRIVACY.partition("## If you book a place")[2].partition("## If you write to us")[0]
    said = set(re.findall(r"\d+ (?:hours|days|months|years)", own))
    kept = {match for held in HELD for match in re.findall(r"\d+ (?:hours|days|months|years)", held.until)}
    assert said == kept


# What is not typed: a hash, a random mark, what the writer saw of an event; records are made only once people are gone.
# Where the answer to a complaint goes is known only of who has passed on their place.
NOT_PLANTED = {"RateCount.key_hash", "Message.message_id", "Message.facts", "Draft.key", "Complaint.answer_to"}


@pytest.mark.django_db
def test_whoever_is_erased_in_the_tests_has_something_in_each_field_that_holds_words():
    mine = whole(a_day())
    there = left_of("canary", mine.reference, str(mine.idempotency_key))
    for name in listed() - NOT_PLANTED:
        model, _, field = name.partition(".")
        found = apps.get_model("registrations", model)._meta.get_field(field)
        words = isinstance(found, models.CharField | models.TextField | models.JSONField | models.UUIDField)
        if words and not found.choices and model != "InvoiceRecord":
            assert f"registrations_{model.lower()}.{found.column}" in there, name
