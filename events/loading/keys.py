"""Which keys a supplied file may have, and what each of them holds."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field


class FileProblem(Exception):
    """A supplied file that cannot be loaded; the sentence names the file and what is wrong in it."""


WORDS = {
    str: "text in quotation marks",
    bool: "true or false",
    int: "a whole number",
    datetime.date: "a date such as 2027-11-24",
    datetime.time: "a time such as 10:30:00",
    datetime.datetime: "a moment such as 2027-11-24T12:00:00Z",
    list: "one or more tables in double square brackets",
}


@dataclass(frozen=True)
class Table:
    """The keys of one table: those it must have, those it may have, and the type of each."""

    required: Mapping[str, type]
    optional: Mapping[str, type] = field(default_factory=dict)

    def check(self, values: object, where: str) -> None:
        """Raise FileProblem, naming `where` and the key, unless the values have just these keys and types."""
        if not isinstance(values, dict):
            raise FileProblem(f"{where}: this has to be a table, in square brackets.")
        known = {**self.required, **self.optional}
        for key, value in values.items():
            if key not in known:
                raise FileProblem(f"{where}: the key “{key}” is not known. Known are: {', '.join(sorted(known))}.")
            if type(value) is not known[key]:
                raise FileProblem(f"{where}: “{key}” has to be {WORDS[known[key]]}.")
        for key in self.required:
            if key not in values:
                raise FileProblem(f"{where}: the key “{key}” is missing.")


def _texts(names: str) -> dict[str, type]:
    return dict.fromkeys(names.split(), str)


HOURS = {"starts": datetime.time, "ends": datetime.time}
EVENT = Table(
    _texts("slug title"),
    _texts(
        "strapline summary theme programme_note audience price_words refunds access organiser contact_email"
        " contact_phone outside_url status time_zone"
    )
    | HOURS
    | {"day": datetime.date, "capacity": int, "is_sample": bool},
)
LISTING = Table(
    {**_texts("slug title organiser"), "is_listing": bool, "sorts_at": datetime.datetime},
    _texts("summary outside_url status"),
)
VENUE = Table(_texts("slug name address"), _texts("postcode latitude longitude travel"))
ROOM = Table(_texts("name"), _texts("floor directions step_free hearing_loop accessible_toilet") | {"capacity": int})
ORGANISATION = Table(_texts("slug name"), _texts("sort_name kind url description"))
PERSON = Table(
    _texts("slug name"),
    _texts("sort_name pronouns role organisation biography") | {"has_page": bool, "searchable": bool},
)
SERIES = Table({"number": int}, _texts("title theme introduction") | {"expected_workshops": int})
SESSION = Table(
    _texts("slug kind") | HOURS,
    _texts("label code title abstract content_note room bsl live_captions materials status clash_reason")
    | {"series": int, "capacity": int, "provisional": bool, "appearances": list},
)
APPEARANCE = Table(_texts("role"), _texts("person organisation wording clash_reason"))
