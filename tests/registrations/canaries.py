"""Words planted where people are, and a look through every table of the database for what is left of them."""

from django.db import connection

# What may hold words, in whatever type: text, JSON, arrays of them.
_COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'
AND data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'ARRAY', 'bytea', 'uuid') ORDER BY 1, 2
"""


def left_of(*words: str) -> set[str]:
    """Return each column, as table.column, of any table that holds any of these words in any case."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        for table, column in cursor.fetchall():
            for word in words:
                cursor.execute(
                    f'SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s LIMIT 1', [f"%{word}%"]
                )  # fmt: skip
                if cursor.fetchone():
                    found.add(f"{table}.{column}")
    return found
