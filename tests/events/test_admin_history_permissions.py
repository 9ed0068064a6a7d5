"""Who may only look at the programme cannot change it through its history either."""

import pytest
from django.contrib.auth.models import Permission, User

from events.models import Person
from tests.admin_pages import form_of, of
from tests.builders import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(client):
    """Somebody of staff who may look at everything and change nothing."""
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    return client


def test_who_may_only_look_can_make_no_older_version_so_again(viewer):
    person = make_person("Ada Obi")
    address = of(person, "simple_history", person.history.get().pk)
    shown = viewer.get(address)
    assert shown.status_code == 200
    assert "Make it so again" not in shown.content.decode()
    assert viewer.post(address, form_of(shown) | {"role": "Changed"}).status_code == 403
    assert Person.objects.get(pk=person.pk).role == person.role


def test_nor_can_somebody_who_may_change_other_things(viewer):
    person = make_person("Ada Obi")
    User.objects.get().user_permissions.add(Permission.objects.get(codename="change_organisation"))
    address = of(person, "simple_history", person.history.get().pk)
    assert viewer.post(address, {"name": "Changed"}).status_code == 403
    assert Person.objects.get(pk=person.pk).name == "Ada Obi"
