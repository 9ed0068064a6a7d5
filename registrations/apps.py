"""Who is coming."""

from django.apps import AppConfig

from events.storing import page_moments


class RegistrationsConfig(AppConfig):
    """Registrations, workshop choices, places and waiting lists."""

    name = "registrations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have a say in every change of the programme, and in what an event's pages say of booking and of tickets."""
        from registrations import registering  # models can be imported only once the apps are there
        from registrations.programme_changes import affected, listener  # likewise
        from registrations.tickets import selling  # likewise

        affected.subscribe()
        listener.subscribe()
        registering.subscribe()
        selling.subscribe()
        page_moments.add("SELECT unnest(ARRAY[available_from, available_until]) FROM registrations_tickettype")
