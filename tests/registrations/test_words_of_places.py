"""The words about places: one rule in Python and in PostgreSQL."""

from django.db import connection

from registrations.availability import Availability


def test_postgresql_says_of_places_what_the_page_says(db):
    """The trigger that ends stored pages and the words on them hold to one rule."""
    words = {"Places available": "available", "Last few places": "few", "Full – join the waiting list": "full"}
    capacities = [None, *range(12), 49, 50, 51, 60, 99, 100, 109, 110, 200]
    rows = [(capacity, taken) for capacity in capacities for taken in range((capacity or 3) + 1)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c, t, registrations_places_word(c, t) FROM unnest(%s::int[], %s::int[]) AS given (c, t)",
            [[capacity for capacity, _ in rows], [taken for _, taken in rows]],
        )
        told = cursor.fetchall()
    assert len(told) == len(rows) > 800
    assert [row for row in told if words[Availability(*row[:2]).words] != row[2]] == []
