"""What spans two tables: copies under composite foreign keys, kept equal by PostgreSQL itself.

A choice repeats its session's event, series and hours, and its registration's event; a session that staff
move takes its choices along, and the exclusion constraint then looks at the new hours. A trigger would be
slipped past by a booking under way (docs/decisions/0010, 0022).
"""

from django.db import migrations

COPIES = """
ALTER TABLE events_session ADD CONSTRAINT session_as_its_choices_repeat_it
    UNIQUE (id, event_id, series_id, starts, ends);
ALTER TABLE registrations_workshopchoice ADD CONSTRAINT choice_repeats_its_session
    FOREIGN KEY (session_id, event_id, series_id, starts, ends)
    REFERENCES events_session (id, event_id, series_id, starts, ends)
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE registrations_registration ADD CONSTRAINT registration_as_its_choices_repeat_it UNIQUE (id, event_id);
ALTER TABLE registrations_workshopchoice ADD CONSTRAINT choice_is_of_its_registrations_event
    FOREIGN KEY (registration_id, event_id)
    REFERENCES registrations_registration (id, event_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE registrations_tickettype ADD CONSTRAINT ticket_type_with_its_event UNIQUE (id, event_id);
ALTER TABLE registrations_registration ADD CONSTRAINT registration_ticket_is_of_its_event
    FOREIGN KEY (ticket_type_id, event_id)
    REFERENCES registrations_tickettype (id, event_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE registrations_places ADD CONSTRAINT places_ticket_is_of_their_event
    FOREIGN KEY (ticket_type_id, event_id)
    REFERENCES registrations_tickettype (id, event_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE events_session ADD CONSTRAINT session_with_its_event UNIQUE (id, event_id);
ALTER TABLE registrations_places ADD CONSTRAINT places_workshop_is_of_their_event
    FOREIGN KEY (session_id, event_id)
    REFERENCES events_session (id, event_id) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""

WITHOUT_COPIES = """
ALTER TABLE registrations_places DROP CONSTRAINT places_workshop_is_of_their_event;
ALTER TABLE events_session DROP CONSTRAINT session_with_its_event;
ALTER TABLE registrations_places DROP CONSTRAINT places_ticket_is_of_their_event;
ALTER TABLE registrations_registration DROP CONSTRAINT registration_ticket_is_of_its_event;
ALTER TABLE registrations_tickettype DROP CONSTRAINT ticket_type_with_its_event;
ALTER TABLE registrations_workshopchoice DROP CONSTRAINT choice_is_of_its_registrations_event;
ALTER TABLE registrations_registration DROP CONSTRAINT registration_as_its_choices_repeat_it;
ALTER TABLE registrations_workshopchoice DROP CONSTRAINT choice_repeats_its_session;
ALTER TABLE events_session DROP CONSTRAINT session_as_its_choices_repeat_it;
"""


class Migration(migrations.Migration):
    dependencies = [("registrations", "0001_registrations"), ("events", "0003_copies_and_revisions")]
    operations = [migrations.RunSQL(COPIES, WITHOUT_COPIES)]
