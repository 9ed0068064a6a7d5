"""Who may open the admin, and what it calls itself."""

import pytest
from django.contrib import admin
from django.urls import reverse

from events.models import Event, FormerSlug, Loaded
from pages.models import Page
from tests.admin_pages import add, listed, of, words
from tests.builders import save

pytestmark = pytest.mark.django_db


def pages_of_the_admin(programme):
    rows = [
        programme.event, programme.panel, programme.series, programme.person, programme.organisation,
        programme.house, programme.upper,
    ]  # fmt: skip
    of_rows = [of(row, what) for row in rows for what in ("change", "delete", "history")]
    versions = [of(row, "simple_history", row.history.first().pk) for row in rows]
    return [
        reverse("admin:index"),
        *of_rows,
        *versions,
        *(address for row in rows for address in (add(type(row)), listed(type(row)))),
    ]


def test_staff_open_every_page(admin_client, programme):
    statuses = {address: admin_client.get(address).status_code for address in pages_of_the_admin(programme)}
    # The page that asks before deleting says why something cannot go.
    allowed = {address: (200, 409) if address.endswith("/delete/") else (200,) for address in statuses}
    assert {address for address, status in statuses.items() if status not in allowed[address]} == set()


def test_a_visitor_is_sent_to_sign_in(client, programme):
    for address in pages_of_the_admin(programme):
        assert client.get(address).headers["Location"].startswith(reverse("admin:login")), address


def test_somebody_who_is_not_staff_is_sent_to_sign_in(client, programme, django_user_model):
    client.force_login(django_user_model.objects.create_user("visitor"))
    for address in pages_of_the_admin(programme):
        assert client.get(address).headers["Location"].startswith(reverse("admin:login")), address


def test_staff_without_a_permission_may_do_nothing(client, programme, django_user_model):
    client.force_login(django_user_model.objects.create_user("new", is_staff=True))
    assert {client.get(address).status_code for address in pages_of_the_admin(programme)[1:]} == {403}


def test_staff_who_may_only_look_see_everything_and_change_nothing(client, programme, django_user_model):
    from django.contrib.auth.models import Permission

    user = django_user_model.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    page = save(Page(title="Travel", slug="travel", body="By train."))
    for address in [*pages_of_the_admin(programme), of(page), listed(Page), of(page, "history")]:
        expected = 403 if address.endswith(("/add/", "/delete/")) else 200
        assert client.get(address).status_code == expected, address
    for row in (programme.event, programme.panel, programme.person, page):
        assert client.post(of(row), {"title": "Mine", "name": "Mine"}).status_code == 403


def test_a_visitor_changes_nothing(client, event):
    client.post(of(event), {"title": "Mine"})
    client.post(of(event, "delete"), {"post": "yes"})
    assert Event.objects.get().title == event.title


def test_a_form_without_its_token_is_refused(event, django_user_model):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(django_user_model.objects.create_superuser("admin"))
    assert client.post(of(event), {"title": "Mine"}).status_code == 403


def test_it_says_whom_it_is_for(client):
    assert "Clinks events: for staff" in words(client.get(reverse("admin:login")))


def test_the_first_page_begins_with_the_programme(admin_client, programme):
    apps = admin_client.get(reverse("admin:index")).context_data["app_list"]
    assert [model["name"] for model in apps[0]["models"]] == ["Events", "Sessions", "People", "Organisations", "Venues"]
    assert [app["app_label"] for app in apps[:2]] == ["events", "pages"]


def test_the_sites_own_notes_are_not_edited():
    assert not admin.site.is_registered(FormerSlug)
    assert not admin.site.is_registered(Loaded)
