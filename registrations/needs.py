"""The one way to see and to change somebody's access and dietary needs: who did so is logged, never what they are."""

import dataclasses
import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet

from events.storing import on_disk
from registrations import holding
from registrations.answering.answers import Needs, tidied
from registrations.messages import outbox
from registrations.models import AccessNeeds, AccessNeedsLog, Registration

Action = AccessNeedsLog.Action
_NAMES = [field.name for field in dataclasses.fields(Needs)]


def shares_its_address(registration: Registration) -> bool:
    """Whether any other registration, of whatever event and state, has the same address, or there is none."""
    if not registration.email_key:
        return True
    same = Registration.objects.filter(email_key=registration.email_key, anonymised_at=None)
    return same.exclude(pk=registration.pk).exists()


def address_is_left(registration: Registration) -> None:
    """Note that a registration leaves its address, as by erasing or by another one: its mail may be read for ever.

    Call it in a transaction, before it does. What was said at that address is not shown to links any more.
    """
    # In the order in which `change` locks: whose needs they are, then the needs.
    Registration.objects.select_for_update().filter(pk=registration.pk).first()
    at_it = Registration.objects.filter(email_key=registration.email_key).exclude(email_key="")
    found = AccessNeeds.objects.filter(registration__in=at_it.values("pk")).order_by("pk")
    AccessNeeds.objects.filter(pk__in=list(found.select_for_update().values_list("pk", flat=True))).update(
        address_was_shared=True
    )


def give(registration: Registration, needs: Needs | None, now: datetime.datetime) -> None:
    """Store what somebody said with a new registration, if anything, within the transaction that makes it."""
    if needs is not None and needs != Needs():
        shared = shares_its_address(registration)
        AccessNeeds.objects.create(
            registration=registration, address_was_shared=shared, **dataclasses.asdict(needs)
        )  # fmt: skip
        _log(registration, None, Action.GIVEN, now)


def see(registration: Registration, user: AbstractBaseUser, now: datetime.datetime) -> Needs:
    """Return what somebody needs, and log that this user saw it. Nothing is there to be seen: nothing is logged."""
    with transaction.atomic():
        stored = AccessNeeds.objects.filter(registration=registration).first()
        if stored is None:
            return Needs()
        _log(registration, user, Action.SEEN, now)
        return Needs(**{name: getattr(stored, name) for name in _NAMES})


def change(registration: Registration, needs: Needs, user: AbstractBaseUser | None, now: datetime.datetime) -> None:
    """Store what somebody needs instead of what was there, and log that this user did, or the attendee (None).

    Nothing at all deletes what was there. That an attendee asks to be rung is told to the team. Raises Refused if the
    attendee is another one by now.
    """
    needs = tidied(needs)
    with transaction.atomic():
        on_disk.wait()
        # Two people change it in turn; of somebody who is erased meanwhile nothing is stored.
        there = Registration.objects.select_for_update(of=("self",)).filter(pk=registration.pk, anonymised_at=None)
        if (now_stored := there.first()) is None:
            return
        if user is None:
            holding.refuse_another(now_stored, registration)
        _replace(now_stored, needs, user, now)
        if user is None and needs.please_call:
            outbox.tell_team(now_stored, now)


def _replace(registration: Registration, needs: Needs, user: AbstractBaseUser | None, now: datetime.datetime) -> None:
    stored = AccessNeeds.objects.filter(registration=registration).first()
    if needs == Needs():
        if stored:
            stored.delete()
            _log(registration, user, Action.DELETED, now)
        return
    values = dataclasses.asdict(needs)
    values["address_was_shared"] = bool(stored and stored.address_was_shared) or shares_its_address(registration)
    AccessNeeds.objects.update_or_create(registration=registration, defaults=values)
    _log(registration, user, Action.CHANGED if stored else Action.GIVEN, now)


def were_taken_down_by(registration: Registration, user: AbstractBaseUser) -> None:
    """Note that what was given with a new registration was typed by this user and not by the attendee."""
    AccessNeedsLog.objects.filter(registration=registration, action=Action.GIVEN, user=None).update(user=user)


def forget(those: QuerySet[AccessNeeds], now: datetime.datetime) -> None:
    """Delete these needs, and log that it was done: nobody asked for it, their time was over."""
    with transaction.atomic():
        found = list(those.select_related("registration").select_for_update(of=("self",)))
        for each in found:
            _log(each.registration, None, Action.DELETED, now)
        AccessNeeds.objects.filter(pk__in=[each.pk for each in found]).delete()


def _log(registration: Registration, user: AbstractBaseUser | None, action: str, now: datetime.datetime) -> None:
    AccessNeedsLog.objects.create(registration=registration, user=user, action=action, when=now)
