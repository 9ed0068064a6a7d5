"""Whether the site says truly that it is alive and ready."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_tests_run_on_postgresql():
    assert connection.vendor == "postgresql"
