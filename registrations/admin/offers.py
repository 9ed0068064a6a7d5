"""Offers: who is asked about a place that came free, until when, and what came of it. Staff can answer for them."""

from django.contrib import admin
from django.db.models import Case, Value, When
from django.utils import timezone

from events.wording import british_time
from registrations.admin import in_words
from registrations.admin.doing import LookAndDo
from registrations.admin.filters import AnswerFilter, OurEventFilter, WorkshopFilter
from registrations.admin.on_the_telephone import SAY_NO, SAY_YES
from registrations.models import Offer, OfferState

TO_RING_FIRST = Case(When(registration__email="", then=Value(0)), default=Value(1))


@admin.register(Offer)
class OfferAdmin(LookAndDo):
    """The list of offers, those to be rung first, and a page for each."""

    deeds = (SAY_YES, SAY_NO)
    list_display = ["registration", "who", "what", "until_when", "state_now", "how_to_reach"]
    list_filter = [AnswerFilter, OurEventFilter, WorkshopFilter]
    list_select_related = ["registration", "event", "session__series"]
    ordering = [TO_RING_FIRST, "until", "pk"]
    search_fields = ["registration__reference", "registration__name__unaccent", "session__title__unaccent"]
    search_help_text = "A reference, a name or a workshop."
    fields = ["registration", "who", "how_to_reach", "what", "made", "until_when", "state_now", "answered"]

    @admin.display(description="name")
    def who(self, offer: Offer) -> str:
        """Who is asked."""
        return offer.registration.name

    @admin.display(description="asked about")
    def what(self, offer: Offer) -> str:
        """The workshop, or the place at the event."""
        return in_words.offered(offer)

    @admin.display(description="answer until", ordering="until")
    def until_when(self, offer: Offer) -> str:
        """Until when it can be answered."""
        return british_time.moment_words(offer.until, offer.event.zone)

    @admin.display(description="state", ordering="state")
    def state_now(self, offer: Offer) -> str:
        """How far it has come; what has run out goes on within a minute."""
        over = offer.state == OfferState.OPEN and offer.until <= timezone.now()
        return "Its time is over" if over else offer.get_state_display()

    @admin.display(description="how to reach them")
    def how_to_reach(self, offer: Offer) -> str:
        """The address, else the number to ring."""
        return in_words.reach(offer.registration)

    @admin.display(description="asked")
    def made(self, offer: Offer) -> str:
        """When they were asked."""
        return british_time.moment_words(offer.made_at, offer.event.zone)

    @admin.display(description="ended")
    def answered(self, offer: Offer) -> str:
        """When it was answered, or ended otherwise."""
        return british_time.moment_words(offer.answered_at, offer.event.zone) if offer.answered_at else "Not yet"
