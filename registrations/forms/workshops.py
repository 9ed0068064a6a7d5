"""Step 3: one workshop in each series, and a waiting list where one is full."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms

from events.models import Session
from registrations import choice_rules
from registrations.answering.workshop_questions import SeriesQuestion
from registrations.forms.base import StepForm
from registrations.forms.layout import Question

LATER, NONE = "later", "none"
ELSE, TAKE_IT = "Choose another workshop, or ask for its waiting list.", "You can take it as your workshop."
LATER_WORDS, NONE_WORDS = "I will choose later", "None: I will not take part in this series"


Gone = Sequence[tuple[Session, str]]


def is_full(session: Session) -> str:
    """Return what is said of a workshop that filled since it was chosen."""
    return f"“{session}” is full now. {ELSE}"


def has_room(session: Session) -> str:
    """Return what is said of a workshop that has places again since its waiting list was chosen."""
    return f"“{session}” has places again. {TAKE_IT}"


class Choice(forms.ChoiceField):
    """One of the workshops offered; empty is “later”. The page draws the radios itself."""

    widget = forms.RadioSelect

    def __init__(self, label: str, sessions: Sequence[Session], *rest: str, moved: dict[str, str]) -> None:
        """Take the label, the workshops, and the answers beside them; `moved` says why some can no longer be chosen."""
        choices = [(str(session.pk), session.heading) for session in sessions] + [(each, each) for each in rest]
        super().__init__(label=label, choices=choices, required=False)
        self.error_messages["invalid_choice"] = choice_rules.none_of(label)
        self.moved = moved

    def validate(self, value: str) -> None:
        """Refuse what is not offered; what was offered until somebody was quicker, in its own words."""
        if value in self.moved:
            raise forms.ValidationError(self.moved[value])
        super().validate(value)


class WorkshopsForm(StepForm):
    """For each series “Your workshop” and, where something is full, a waiting list."""

    def __init__(
        self, *args: object, questions: Sequence[SeriesQuestion], is_asked: bool = False, gone: Gone = (), **kwargs: Any
    ) -> None:
        """Take the questions of the event, and whether everybody in a waiting list is asked before being moved.

        `gone` are the workshops that cannot be chosen any more, each with why.
        """
        super().__init__(*args, **kwargs)
        self.questions, self.is_asked, self.gone = questions, is_asked, gone
        for question in questions:
            if question.asks:
                self._ask(question)
        self.layout = tuple(Question("registrations/_series.html", _Asked(self, question)) for question in questions)

    def _ask(self, question: SeriesQuestion) -> None:
        name = question.series.name
        gone = {str(each.pk): why for each, why in self.gone if each.series_id == question.series.pk}
        full = {str(each.pk): is_full(each) for each in question.full}
        self.fields[question.place_name] = Choice(name, question.open, LATER, NONE, moved=gone | full)
        if not question.event_full:
            # Asked also where nothing is full any more, so that a wish for a waiting list is not dropped in silence.
            roomy = {str(each.pk): has_room(each) for each in question.open}
            self.fields[question.wait_name] = Choice(name, question.full, NONE, moved=gone | roomy)

    def offered(self) -> tuple:
        """Return which workshops there are, and what is said of their places."""
        said = ((question.series.pk, question.event_full, *question.said) for question in self.questions)
        return (self.is_asked, *said)

    def control(self, name: str) -> str:
        """Return the id of the first radio of a question; a waiting list without radios leads to its series."""
        empty = [question for question in self.questions if name == question.wait_name and not question.full]
        return super().control(empty[0].place_name if empty else name)

    def clean(self) -> dict[str, Any]:
        """Refuse two workshops at the same time, beside the later series, and to wait where one takes no part."""
        cleaned = super().clean()
        for question in self.questions:
            if cleaned.get(question.place_name) == NONE and cleaned.get(question.wait_name, NONE) not in ("", NONE):
                self.add_error(question.wait_name, choice_rules.NO_PART_YET_WAITS)
        for why in self._of_series_not_asked():
            self.add_error(None, why)
        chosen = [
            (session, question)
            for question in self.questions
            for session in question.open
            if cleaned.get(question.place_name) == str(session.pk)
        ]
        for number, (session, question) in enumerate(chosen):
            for other, _ in chosen[:number]:
                if session.starts < other.ends and other.starts < session.ends:
                    self.add_error(question.place_name, f"“{other}” and “{session}” are at the same time.")
        return cleaned

    def _of_series_not_asked(self) -> Iterator[str]:
        """Yield why an answer is gone of which the whole series is: there is no question beside which to say it."""
        for session, why in self.gone:
            names = (choice_rules.place_field(session.series_id), choice_rules.wait_field(session.series_id))
            if any(name not in self.fields and str(self.data.get(name, "")) == str(session.pk) for name in names):
                yield why


class _Asked:
    """One series of a form, as its template needs it."""

    def __init__(self, form: WorkshopsForm, question: SeriesQuestion) -> None:
        self.form, self.question = form, question
        names = (question.place_name, question.wait_name)
        self.place, self.wait = (form[name] if name in form.fields else None for name in names)

    @property
    def errors(self) -> list[str]:
        """What is wrong with the answers, also what was found after the form was made."""
        return [message for bound in (self.place, self.wait) if bound for message in bound.errors]

    def places(self) -> list[dict[str, Any]]:
        """The workshops with room, each with whether it is chosen."""
        return options(self.place, self.question.open)

    def waits(self) -> list[dict[str, Any]]:
        """The full ones, each with whether its waiting list is chosen."""
        return options(self.wait, self.question.full)

    @property
    def waits_for_none(self) -> bool:
        """Whether “No waiting list” is chosen."""
        return self.wait.value() == NONE

    def rest(self) -> list[dict[str, Any]]:
        """“I will choose later” and “None”."""
        start, chosen = len(self.question.open), self.place.value()
        return [
            {"id": f"{self.place.auto_id}_{start}", "value": LATER, "words": LATER_WORDS, "checked": chosen == LATER},
            {"id": f"{self.place.auto_id}_{start + 1}", "value": NONE, "words": NONE_WORDS, "checked": chosen == NONE},
        ]


def options(bound: forms.BoundField, sessions: Sequence[Session], chosen: str | None = None) -> list[dict[str, Any]]:
    """Return the radios of a question, each with its workshop, its id, and whether it is chosen.

    Chosen is what was sent, where nothing else is.
    """
    chosen = str(bound.value() or "") if chosen is None else chosen
    return [
        {"session": session, "id": f"{bound.auto_id}_{number}", "checked": chosen == str(session.pk)}
        for number, session in enumerate(sessions)
    ]


def chosen(bound: forms.BoundField) -> str:
    """Return which answer of a question is chosen: what was sent, where it can be had; else what they have.

    A page that comes back with an error must not show nothing where somebody has something.
    """
    sent = str(bound.value() or "")
    return sent if sent in dict(bound.field.choices) else str(bound.initial)
