"""The command script/restore: a backup into a new database, in one go."""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from conference.backing_up.archives import NotDone
from conference.postgres_programs import NoPostgres

if TYPE_CHECKING:
    from registrations.data_rights.erasure_ledger import Found

DESCRIPTION = "Restores a backup into a new database, and says whether all is right. Docs: docs/maintaining.md."


def main(arguments: list[str]) -> None:
    """Restore, print each step, and exit with 0 only if all of it is right."""
    given = _parsed(arguments)
    _set_up(given.into)
    # Only now do these know which database is theirs.
    from django.conf import settings
    from django.db import DatabaseError  # likewise
    from django.utils import timezone  # likewise

    from conference.backing_up import restoring  # likewise

    began = time.monotonic()
    verdict = restoring.Verdict(lambda line: print(line, flush=True))
    try:
        erased = _erased(given)
        restoring.make_database()
        restoring.refuse_used()
        source = restoring.Source(given.file, given.identity, erased)
        restoring.restore(source, given.media or Path(settings.MEDIA_ROOT), timezone.now(), verdict)
    except (NotDone, OSError, DatabaseError, NoPostgres) as problem:
        raise SystemExit(f"Not restored. {problem}") from problem
    seconds = time.monotonic() - began
    if not verdict.good:
        raise SystemExit(f"Restored in {seconds:.1f} s, but not all is right: look at each NO.")
    print(f"Restored in {seconds:.1f} s, and all is right. Start the site with this DATABASE_URL.")


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/restore", description=DESCRIPTION)
    parser.add_argument("file", type=Path, help="the backup: conference-….tar.age")
    parser.add_argument("--identity", type=Path, required=True, help="the file with age's secret key")
    parser.add_argument("--into", required=True, metavar="DATABASE_URL", help="a database that is new, or empty")
    parser.add_argument("--media", type=Path, help="an empty folder for the uploads (that of the settings)")
    parser.add_argument(
        "--erasures", type=Path, action="append", metavar="PLACE",
        help="a file of the ledger of erasures, or a folder of them; may be repeated (ERASURES_FOLDER, var/erasures)",
    )  # fmt: skip
    parser.add_argument("--without-erasures", action="store_true", help="there is no ledger: nobody was ever erased")
    return parser.parse_args(arguments)


def _set_up(into: str) -> None:
    """Have Django use the new database, with what the environment says of the site, or as on one's own computer."""
    if not os.environ.keys() & {"SITE_URL", "SECRET_KEY", "DEBUG"}:
        os.environ["DEBUG"] = "true"
    os.environ.update(DATABASE_URL=into, DJANGO_SETTINGS_MODULE="conference.settings", STATEMENT_TIMEOUT="0")
    os.environ.pop("ANSWERS_VISITORS", None)
    import django  # after the environment is set
    from django.core.exceptions import ImproperlyConfigured  # likewise
    from environs import EnvError  # likewise

    try:
        django.setup()
    except (ImproperlyConfigured, EnvError) as problem:
        raise SystemExit(f"The settings are not right: {problem}") from None


def _erased(given: argparse.Namespace) -> "Found":
    """Return who was erased. Raises NotDone unless that, or that there was nobody, was said."""
    from registrations.data_rights import erasure_ledger  # the models are there only once Django is set up

    places = given.erasures or [erasure_ledger.folder()]
    if missing := [str(place) for place in given.erasures or [] if not place.exists()]:
        raise NotDone(f"There is no ledger of erasures at {', '.join(missing)}.")
    found = erasure_ledger.read(places)
    if not (found.keys or found.unreadable or given.without_erasures):
        raise NotDone(
            f"There is no ledger of erasures in {', '.join(map(str, places))}, so whoever was erased would come back. "
            "Give its files with --erasures, or say --without-erasures if there never was one."
        )
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
