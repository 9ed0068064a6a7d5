"""How often somebody may try to sign in as staff: enough for whoever has forgotten, too little for a machine."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from conference import errors
from registrations import folding, limits
from registrations.client_address import client_address
from registrations.limits import Limit

# More for a name than for an address, so that one machine cannot keep somebody of the staff out.
FOR_A_NAME = Limit("signing in by name", 200)
FROM_AN_ADDRESS = Limit("signing in from an address", 40)


def seconds_to_wait(request: HttpRequest) -> int:
    """Count this try, and return 0, or in how many seconds to try again. Successes count as well: staff stay signed in.

    The name counts by itself, so that many machines together get no further.
    """
    now = timezone.now()
    name = folding.name_key(request.POST.get("username", "")[:200])
    return limits.seconds_to_wait(FROM_AN_ADDRESS, client_address(request), now) or limits.seconds_to_wait(
        FOR_A_NAME, name, now
    )


def too_often(seconds: int) -> HttpResponse:
    """Return the page that asks to wait."""
    response = errors.page(429, minutes=max(1, seconds // 60))
    response.headers["Retry-After"] = str(seconds)
    return response
