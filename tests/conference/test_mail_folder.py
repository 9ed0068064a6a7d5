"""Mail on a developer's computer: a file for each message, which a mail program opens."""

import email
import email.policy
import stat

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND, settings.MAIL_FOLDER = "conference.mail_folder.EmailBackend", tmp_path / "var" / "mail"
    return settings.MAIL_FOLDER


def message(name="abc@localhost", body="Dear Ọlájùmọ̀kẹ́"):
    return EmailMultiAlternatives(
        "Hello", body, "a@example.org", ["b@example.org"], headers={"Message-ID": f"<{name}>"}
    )


def test_each_message_is_a_file_that_only_its_owner_can_open(folder):
    assert get_connection().send_messages([message(), message("def@localhost")]) == 2
    assert sorted(path.name for path in folder.iterdir()) == ["abc.eml", "def.eml"]
    read = email.message_from_bytes((folder / "abc.eml").read_bytes(), policy=email.policy.default)
    assert (read["To"], read.get_content().strip()) == ("b@example.org", "Dear Ọlájùmọ̀kẹ́")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_sent_again_it_is_the_same_file(folder):
    get_connection().send_messages([message(), message(body="Again")])
    assert [path.name for path in folder.iterdir()] == ["abc.eml"]


def test_no_message_id_leads_out_of_the_folder(folder):
    get_connection().send_messages([message("../../evil/x@localhost")])
    assert [path.name for path in folder.iterdir()] == ["evilx.eml"]
