"""What public pages say of places is three words; when one of them changes, the event's pages are other ones.

A count that changes no word changes no page. The rule is that of `registrations.availability.Availability`; a test holds
the two against each other.
"""

from django.db import migrations

RAISE = """
CREATE FUNCTION registrations_places_word(capacity integer, taken integer) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN capacity IS NULL THEN 'available'
        WHEN taken >= capacity THEN 'full'
        WHEN capacity - taken <= greatest(5, capacity / 10) THEN 'few'
        ELSE 'available'
    END
$$;

CREATE FUNCTION registrations_places_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM events_words_changed(CASE WHEN TG_OP = 'DELETE' THEN OLD.event_id ELSE NEW.event_id END);
    RETURN NULL;
END $$;

CREATE TRIGGER places_said AFTER UPDATE OF capacity, taken ON registrations_places FOR EACH ROW
    WHEN (registrations_places_word(OLD.capacity, OLD.taken)
        IS DISTINCT FROM registrations_places_word(NEW.capacity, NEW.taken))
    EXECUTE FUNCTION registrations_places_said();
CREATE TRIGGER places_said_first AFTER INSERT OR DELETE ON registrations_places FOR EACH ROW
    EXECUTE FUNCTION registrations_places_said();
"""

RAISE_NO_MORE = """
DROP TRIGGER places_said_first ON registrations_places;
DROP TRIGGER places_said ON registrations_places;
DROP FUNCTION registrations_places_said();
DROP FUNCTION registrations_places_word(integer, integer);
"""


class Migration(migrations.Migration):
    dependencies = [("registrations", "0008_my_day"), ("events", "0007_event_words")]
    operations = [migrations.RunSQL(RAISE, RAISE_NO_MORE)]
