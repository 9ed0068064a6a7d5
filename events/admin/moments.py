"""Days and times as staff type them: in the browser’s own controls, and refused in our words."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from events.limits import YEARS
from events.wording import british_time


def sensible_year(moment: datetime.date) -> None:
    """Refuse a slip of the pen such as 0226. Takes a date or a datetime; raises ValidationError."""
    if moment.year not in YEARS:
        raise ValidationError(f"Check the year: it has to be between {YEARS[0]} and {YEARS[-1]}.")


class HiddenMoment(forms.HiddenInput):
    """The moment that a control began with, with its offset: the same words may mean another one later."""

    def format_value(self, value: datetime.datetime | str | None) -> str | None:
        """Return a local time with its offset, and what a form sent as it was sent."""
        return timezone.make_aware(value).isoformat() if isinstance(value, datetime.datetime) else value


class MomentField(forms.DateTimeField):
    """A day and a time of day in one control of the browser's own."""

    hidden_widget = HiddenMoment
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    default_validators = [sensible_year]
    default_error_messages = {"invalid": "Give a day and a time, such as 16/06/2027 10:40."}

    def to_python(self, value: object) -> datetime.datetime | None:
        """Return the moment. Raises ValidationError, also for a time that the clock leaves out or has twice."""
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            raise ValidationError(_by_the_clock(error.params["datetime"]), "clock") from error


class DayField(forms.DateField):
    """A day, in the browser's own control."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_validators = [sensible_year]
    default_error_messages = {"invalid": "Give a day, such as 16/06/2027."}


def _by_the_clock(typed: datetime.datetime) -> str:
    """Return why this time of the clock on the wall is no moment: there is none, or there are two."""
    zone = timezone.get_current_timezone()
    moment = typed.replace(tzinfo=zone)
    time, day = british_time.time_words(moment, zone), british_time.date_words(moment, zone)
    if moment.astimezone(datetime.UTC).astimezone(zone).replace(tzinfo=None) != typed:
        return f"There is no {time} on {day}: the clocks go forward then. Give another time."
    return f"There is {time} twice on {day}: the clocks go back then. Give a time before or after that hour."
