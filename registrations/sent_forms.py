"""Which form stands at an address: what its fields are called, and what sending it does. No query."""

from registrations.forms.access import AccessForm
from registrations.forms.base import StepForm
from registrations.forms.colleague import ColleagueForm
from registrations.forms.data_rights import ComplaintForm, EraseForm
from registrations.forms.details import DetailsForm
from registrations.forms.find import FindForm
from registrations.forms.my_details import MyDetailsForm, NeedsForm, NewAttendeeForm, OrderForm, PassOnForm
from registrations.forms.ticket import TicketForm

# By the name of its view: several have a field “name” or “email”, and each means somebody else by it.
FORMS: dict[str, type[StepForm]] = {
    "registrations:details": DetailsForm,
    "registrations:ticket": TicketForm,
    "registrations:access": AccessForm,
    "registrations:colleague": ColleagueForm,
    "my_day:find": FindForm,
    "my_day:details": MyDetailsForm,
    "my_day:needs": NeedsForm,
    "my_day:order": OrderForm,
    "my_day:pass_on": PassOnForm,
    "my_day:accept": NewAttendeeForm,
    "my_day:erase": EraseForm,
    "my_day:complain": ComplaintForm,
}
_STEPS = (DetailsForm, TicketForm, AccessForm)
# What is sent of these is a key, which says nothing to anybody.
_KEYS = ("ticket_type", "pays")
# What a form does, where its fields alone do not say so: whoever presses our button is to know.
DOES = {
    "registrations:check": "confirms your registration",
    "registrations:colleague": "registers a colleague",
    "admin:registrations_registration_add": "registers this person",
    "my_day:find": "has a link sent to this address",
    "my_day:workshops": "changes your workshops",
    "my_day:leave": "takes you off a waiting list",
    "my_day:answer": "says whether you take the place that is kept for you",
    "my_day:cancel": "cancels your registration",
    "my_day:details": "changes your details",
    "my_day:needs": "changes your answers about access and food",
    "my_day:order": "changes what stands on the invoice",
    "my_day:pass_on": "offers your place to a colleague",
    "my_day:accept": "says whether you take your colleague’s place",
    "my_day:withdraw": "keeps your place",
    "my_day:erase": "erases what we hold about you",
    "my_day:complain": "sends your complaint",
    "my_day:calendars": "ends the address of your calendar and makes a new one",
}


def labels(view: str) -> dict[str, str]:
    """Return what the fields of the form of this view are called, by their names.

    A step of registering may be sent the answers of another, such as an earlier one; its own words come first. The form
    of staff for who telephones has the fields of all steps.
    """
    own = [FORMS[view]] if view in FORMS else []
    forms = [*_STEPS, *own] if view.startswith(("registrations:", "admin:")) else own
    return {name: field.label for form in forms for name, field in form.base_fields.items() if name not in _KEYS}
