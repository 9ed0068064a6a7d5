"""A backup is made, somebody is erased and somebody registers, all is destroyed, and the backup is restored."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from conference import postgres_programs
from script.drills import site
from script.drills.cluster import Cluster
from script.drills.site import ROOT, Site
from script.drills.verdict import Verdict

CANARY, LATE = "Canary", "Latecomer"
_PEOPLE = "SELECT id, reference, name, email, status, created_at FROM registrations_registration ORDER BY id"
_HELD = "SELECT registration_id, session_id, state FROM registrations_workshopchoice ORDER BY id"
Rows = list[tuple]


@dataclass(frozen=True)
class Known:
    """What there was when the backup was made."""

    people: Rows
    held: Rows
    uploads: dict[str, bytes]
    canary: int  # the registration of whoever is erased afterwards


def main() -> None:
    """Run it, and say what was lost."""
    verdict = Verdict()
    with site.made() as here:
        known = _fill(here)
        key, public = _make_key(here.folder)
        backup = _back_up(here, public)
        verdict.say(CANARY.encode() in _dump(here.cluster), "the erased person's name stands in the database before")
        verdict.say(CANARY.lower().encode() not in backup.read_bytes().lower(), "it cannot be read in the backup")
        lost = _go_on(known)
        shutil.copytree(here.folder / "erasures", here.folder / "elsewhere")
        here.cluster.remove()
        for gone in ("media", "erasures"):
            shutil.rmtree(here.folder / gone)
        with _another_cluster(here.folder) as new:
            _restore(here, backup, key, new, verdict)
            _look(here, known, lost, new, verdict)
    verdict.end()


def _fill(here: Site) -> Known:
    """Have people register, one of them with a canary in all that is typed, and give speakers photographs."""
    # Django's models can be imported only once the site is made.
    from django.utils import timezone

    from events.models import Event
    from script.benchmarks import attendees

    event, now = Event.objects.get(slug="sample-conference"), timezone.now()
    [canary] = attendees.register(event, 1, now, CANARY)
    attendees.register(event, 40, now)
    _photograph()
    media = here.folder / "media"
    uploads = {str(each.relative_to(media)): each.read_bytes() for each in media.rglob("*") if each.is_file()}
    return Known(_ask(here.cluster, _PEOPLE), _ask(here.cluster, _HELD), uploads, canary.pk)


def _photograph() -> None:
    import io

    from django.core.files.base import ContentFile
    from PIL import Image

    from events import changes, photographs
    from events.models import Person

    for number, person in enumerate(Person.objects.order_by("pk")[:3]):
        picture = io.BytesIO()
        Image.effect_noise((400, 500), 20 + number).save(picture, "PNG")
        person.photograph.save("any.webp", photographs.make_safe(ContentFile(picture.getvalue())), save=False)
        changes.apply(saves=[person])


def _make_key(folder: Path) -> tuple[Path, str]:
    key = folder / "key.txt"
    subprocess.run(["age-keygen", "-o", key], check=True, capture_output=True)
    return key, subprocess.run(["age-keygen", "-y", key], check=True, capture_output=True, text=True).stdout.strip()


def _back_up(here: Site, public: str) -> Path:
    environment = {"BACKUP_RECIPIENTS": public, "BACKUP_FOLDER": str(here.folder / "backups")}
    subprocess.run(["script/backup"], cwd=ROOT, env=os.environ | environment, check=True)
    [file] = (here.folder / "backups").iterdir()
    return file


def _go_on(known: Known) -> str:
    """Erase the one, register another, send what there is to send; return the reference of the one who registered."""
    from django.utils import timezone

    from events.models import Event
    from registrations.data_rights import erasing
    from registrations.models import Registration
    from script.benchmarks import attendees

    erasing.erase(Registration.objects.get(pk=known.canary), timezone.now())
    [late] = attendees.register(Event.objects.get(slug="sample-conference"), 1, timezone.now(), LATE)
    return late.reference


@contextmanager
def _another_cluster(folder: Path) -> Iterator[Cluster]:
    """Give an empty PostgreSQL, as on a new machine."""
    (folder / "new").mkdir()
    new = Cluster(folder / "new")
    try:
        yield new
    finally:
        new.remove()


def _restore(here: Site, backup: Path, key: Path, new: Cluster, verdict: Verdict) -> None:
    command = ["script/restore", backup, "--identity", key, "--into", new.url]
    forgotten = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    refused = forgotten.returncode != 0 and "no ledger of erasures" in forgotten.stderr
    verdict.say(refused, "without the ledger of erasures nothing is restored")
    ended = subprocess.run([*command, "--erasures", here.folder / "elsewhere"], cwd=ROOT, check=False).returncode
    verdict.say(ended == 0, f"script/restore ended with {ended}")


def _look(here: Site, known: Known, lost: str, new: Cluster, verdict: Verdict) -> None:
    people, held = _ask(new, _PEOPLE), _ask(new, _HELD)
    others = [row for row in known.people if row[0] != known.canary]
    verdict.say([row for row in people if row[0] != known.canary] == others, f"{len(others)} people are as they were")
    choices = [row for row in known.held if row[0] != known.canary]
    verdict.say([row for row in held if row[0] != known.canary] == choices, f"{len(choices)} workshop places as well")
    [canary] = [row for row in people if row[0] == known.canary]
    verdict.say(canary[2:5] == ("Erased", "", "cancelled"), "the erased person is erased again, their place given back")
    dump = _dump(new)
    verdict.say(CANARY.lower().encode() not in dump.lower(), "no word of theirs is in a dump of the new database")
    verdict.say(lost.encode() not in dump, "who registered after the backup is lost, as a nightly backup has it")
    media = here.folder / "media"
    found = {str(each.relative_to(media)): each.read_bytes() for each in media.rglob("*") if each.is_file()}
    verdict.say(bool(found) and found == known.uploads, f"{len(found)} photographs are the same to the byte")


def _ask(cluster: Cluster, query: str) -> Rows:
    with cluster.connect() as connection:
        return connection.execute(query).fetchall()


def _dump(cluster: Cluster) -> bytes:
    with cluster.connect() as connection:
        program = postgres_programs.client("pg_dump", connection.info.server_version // 10_000)
    return subprocess.run([program, f"--dbname={cluster.url}"], check=True, capture_output=True).stdout


if __name__ == "__main__":
    main()
