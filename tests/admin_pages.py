"""The admin as somebody uses it: open a page, change some fields of its form, press Save."""

import re

import html5lib
from django.db.models import Model
from django.http import HttpResponse
from django.urls import reverse

PREFIX = "admin"


def add(model: type[Model]) -> str:
    """Return the address at which one is added."""
    return reverse(f"{PREFIX}:{model._meta.app_label}_{model._meta.model_name}_add")


def listed(model: type[Model]) -> str:
    """Return the address of the list."""
    return reverse(f"{PREFIX}:{model._meta.app_label}_{model._meta.model_name}_changelist")


def of(row: Model, what: str = "change", *more: object) -> str:
    """Return the address of a row's page: change, delete, history, simple_history, or one of our own."""
    return reverse(f"{PREFIX}:{row._meta.app_label}_{row._meta.model_name}_{what}", args=[row.pk, *more])


def form_of(response: HttpResponse) -> dict[str, str]:
    """Return what a browser would send if nothing were changed: the fields of the page's form and their values."""
    assert response.status_code in (200, 422, 503), response.status_code
    form = re.search(r'<form [^>]*id="\w+_form".*?</form>', response.content.decode(), re.DOTALL)
    # Only the controls are parsed, which are a small part of a page of the admin.
    controls = "".join(
        re.findall(r"<input\b[^>]*>|<(?:select|textarea)\b.*?</(?:select|textarea)>", form[0], re.DOTALL)
    )
    tree = html5lib.parseFragment(controls, namespaceHTMLElements=False)
    return {name: value for each in tree.iter() if (name := each.get("name")) and (value := _value(each)) is not None}


def _value(field: object) -> str | None:
    if field.tag == "textarea":
        return (field.text or "").removeprefix("\n")
    if field.tag == "select":
        options = list(field.iter("option"))
        return next((each.get("value") for each in options if "selected" in each.attrib), options[0].get("value"))
    kind = field.get("type", "text")
    if field.tag != "input" or kind in ("submit", "file") or field.get("name") == "csrfmiddlewaretoken":
        return None
    if kind in ("checkbox", "radio"):
        return field.get("value", "on") if "checked" in field.attrib else None
    return field.get("value", "")


def post(client: object, address: str, **changed: object) -> HttpResponse:
    """Open the page, change these fields and save. A field given as None is left out, as an unticked box is."""
    data = form_of(client.get(address)) | changed
    return client.post(address, {name: value for name, value in data.items() if value is not None})


def row_of(data: dict[str, str], rows: str, row: Model) -> str:
    """Return the prefix of this row among these inline rows of a form's data: “sessions-2”."""
    return next(
        name[:-3]
        for name, value in data.items()
        if name.startswith(rows) and name.endswith("-id") and value == str(row.pk)
    )


def new_row(data: dict[str, str], rows: str, **values: object) -> dict[str, object]:
    """Return what “Add another” adds to a form's data: a row with the template's values, and with these."""
    number = int(data[f"{rows}-TOTAL_FORMS"])
    empty = f"{rows}-__prefix__-"
    begun = {name.removeprefix(empty): value for name, value in data.items() if name.startswith(empty)}
    added = {f"{rows}-{number}-{name}": value for name, value in (begun | values).items()}
    return added | {f"{rows}-TOTAL_FORMS": str(number + 1)}


def words(response: HttpResponse) -> str:
    """Return the text of a page, without its tags."""
    tree = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)
    return " ".join(" ".join(tree.itertext()).split())
