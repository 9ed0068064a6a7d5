"""What PostgreSQL alone can do: the transaction of a booking, run by pgbench with the same locks and rows.

Each run copies a registration that the site made, with everything that was written with it. Only the reading,
the messages' job and the count of the limit are left out.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from django.db import connection
from django.db.models import Max, Min, Model

from conference.postgres_programs import system_programs, wheel_programs
from registrations.models import (
    AccessNeeds,
    AccessNeedsLog,
    Draft,
    Invoice,
    Message,
    Places,
    Registration,
    WorkshopChoice,
)

_ANEW = "md5(random()::text)"


def program() -> Path | None:
    """Return where pgbench is: beside the wheel's programs, or the system's; None if there is none."""
    folders = [folder for folder in (wheel_programs(), *system_programs()) if folder]
    found = shutil.which("pgbench", path=os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")]))
    return Path(found) if found else None


def rate(seconds: int, clients: int) -> float | None:
    """Return how many such transactions a second PostgreSQL does; None without pgbench, or if it could not run."""
    pgbench, given = program(), connection.settings_dict
    if pgbench is None:
        return None
    login = {"-h": given["HOST"], "-p": given["PORT"], "-U": given["USER"]}
    words = [word for name, value in login.items() if value for word in (name, str(value))]
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script())
        file.flush()
        command = [pgbench, "-n", "-f", file.name, "-c", str(clients), "-j", "1", "-T", str(seconds), *words]
        secret = {"PGPASSWORD": given["PASSWORD"]} if given["PASSWORD"] else {}
        answer = subprocess.run(
            [*command, given["NAME"]], env=os.environ | secret, capture_output=True, text=True, timeout=seconds + 60
        )
    found = re.search(r"tps = ([\d.]+)", answer.stdout)
    if answer.returncode or not found:
        print(f"pgbench could not run: {answer.stderr[-600:]}")
        return None
    return float(found[1])


def script() -> str:
    """Return the transaction as pgbench reads it."""
    like = Registration.objects.confirmed().filter(access_needs__isnull=False, invoice__isnull=False).first()
    places = f"SELECT id FROM registrations_places WHERE event_id = {like.event_id}"
    drafts = Draft.objects.aggregate(low=Min("pk"), high=Max("pk"))
    return "\n".join([
        f"\\set draft random({drafts['low']}, {drafts['high']})",
        "BEGIN;",
        f"{places} AND ticket_type_id IS NULL AND session_id IS NULL FOR UPDATE;",
        f"{places} ORDER BY id FOR UPDATE;",
        *_rows(like),
        "UPDATE registrations_draft SET answers = '{}', registration_id = :registration WHERE id = :draft;",
        "DELETE FROM registrations_draftaccess WHERE draft_id = :draft;",
        f"UPDATE registrations_places SET taken = taken + 1 WHERE id IN ({_taken(like)});",
        "SET CONSTRAINTS ALL IMMEDIATE;",
        "COMMIT;",
    ])  # fmt: skip


def _rows(like: Registration) -> list[str]:
    """The rows of a registration: its invoice, itself, its choices and needs, their histories, its message."""
    new, of_it = {"registration_id": ":registration"}, f"registration_id = {like.pk}"
    again = {"reference": f"left({_ANEW}, 12)", "idempotency_key": "gen_random_uuid()", "invoice_id": ":invoice"}
    person = {"name_key": _ANEW, "email_key": _ANEW}
    return [
        _copy(Invoice, f"id = {like.invoice_id}", "invoice"),
        _copy(Invoice.history.model, f"id = {like.invoice_id}", id=":invoice"),
        _copy(Registration, f"id = {like.pk}", "registration", **again, **person),
        _copy(Registration.history.model, f"id = {like.pk}", id=":registration", invoice_id=":invoice"),
        _copy(WorkshopChoice, of_it, **new),
        _copy(WorkshopChoice.history.model, of_it, **new),
        _copy(AccessNeeds, of_it, **new),
        _copy(AccessNeedsLog, of_it, **new),
        _copy(Message, of_it, message_id=_ANEW, **new),
    ]


def _copy(model: type[Model], where: str, keep: str = "", **changed: str) -> str:
    """Copy rows with some columns changed; `keep` is the name under which the new key is known afterwards."""
    columns = [field.column for field in model._meta.concrete_fields if not (field.primary_key or field.generated)]
    values = ", ".join(changed.get(column, f'"{column}"') for column in columns)
    names, table = ", ".join(f'"{column}"' for column in columns), model._meta.db_table
    ending = f" RETURNING id AS {keep} \\gset" if keep else ";"
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {where}{ending}"


def _taken(like: Registration) -> str:
    """The keys of the places that the registration takes: the event's, its ticket's, its workshops'."""
    sessions = set(like.choices.confirmed().values_list("session", flat=True))
    rows = Places.objects.filter(event=like.event_id)
    mine = [
        str(row.pk)
        for row in rows
        if row.session_id in sessions or (row.session_id is None and row.ticket_type_id in (None, like.ticket_type_id))
    ]
    return ", ".join(mine)
