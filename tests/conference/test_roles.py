"""The groups for staff: named, made once, given back, removed; and what nobody of them may do."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from conference import roles

pytestmark = pytest.mark.django_db


def held(name):
    found = Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in found}


def test_the_groups_are_made_with_what_the_list_says():
    call_command("make_roles")
    assert {name: held(name) for name in roles.ROLES} == {name: set(names) for name, names in roles.ROLES.items()}


def test_what_staff_have_changed_stays_unless_it_is_asked_for():
    call_command("make_roles")
    Group.objects.get(name="Managers").permissions.clear()
    call_command("make_roles")
    assert held("Managers") == set()
    call_command("make_roles", "--again")
    assert held("Managers") == set(roles.MANAGERS)


def test_they_are_removed_and_others_stay():
    Group.objects.create(name="Volunteers")
    call_command("make_roles")
    call_command("make_roles", "--remove")
    assert [group.name for group in Group.objects.all()] == ["Volunteers"]


def test_editors_have_nothing_about_attendees():
    assert not [name for name in roles.EDITORS if name.startswith("registrations.")]


def test_only_managers_see_access_needs():
    for name, names in roles.ROLES.items():
        assert any("access_needs" in each for each in names) == (name == "Managers"), name


def test_only_managers_erase_attendees_and_read_complaints():
    theirs = {
        f"registrations.{each}"
        for each in ("delete_registration", "view_complaint", "change_complaint", "view_invoicerecord")
    }
    for name, names in roles.ROLES.items():
        assert theirs & set(names) == (theirs if name == "Managers" else set()), name


def test_no_group_makes_accounts_or_gives_permissions():
    assert not [each for names in roles.ROLES.values() for each in names if each.startswith(("auth.", "admin."))]


def test_a_permission_that_does_not_exist_is_told():
    with pytest.raises(LookupError, match="view_nothing"):
        roles.permissions(["registrations.view_nothing"])


def test_every_page_of_bookings_belongs_to_some_role():
    """A permission on a new model of bookings is given to somebody, or left out here on purpose."""
    nobodys = {
        "add_message",
        "delete_message",
        "delete_invoice",
        "add_invoice",
        "delete_waitingrules",
    }
    nobodys |= {f"{what}_workshopchoice" for what in ("add", "change", "delete")}
    own = Permission.objects.filter(content_type__app_label="registrations").exclude(codename__contains="historical")
    given = {name.partition(".")[2] for names in roles.ROLES.values() for name in names}
    assert set(own.values_list("codename", flat=True)) - given == nobodys


def test_the_team_answers_for_people_and_only_managers_set_the_rules_of_waiting():
    team, managers = (roles.ROLES[name] for name in ("Registration team", "Managers"))
    for name in ("change_offer", "change_message", "view_waitingrules"):
        assert f"registrations.{name}" in team and f"registrations.{name}" in managers
    for name in ("add_waitingrules", "change_waitingrules"):
        assert f"registrations.{name}" not in team and f"registrations.{name}" in managers
