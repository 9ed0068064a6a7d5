"""All workshops of somebody who has a registration, asked again on one page: what they have is chosen already."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms

from events.models import Session
from registrations.answering.answers import Wish
from registrations.answering.workshop_questions import SeriesQuestion
from registrations.availability import Availability
from registrations.choice_rules import ask_field
from registrations.forms.base import StepForm
from registrations.forms.layout import Question
from registrations.forms.workshops import ELSE, LATER_WORDS, NONE, NONE_WORDS, TAKE_IT, Choice, chosen, options
from registrations.my_day import rechoosing

MOVE, ASK = "move", "ask"
# “Later” is what pages of the release before sent for “no workshop, or later”, so that never says more than it did.
REST = {NONE: LATER_WORDS, rechoosing.NO_PART: NONE_WORDS}
ASKING = {
    MOVE: "Move me: that place becomes mine at once, and the workshop above is given up",
    ASK: "Ask me first, and keep the place until I have answered",
}
HELD, WAITED, ASKED = "Yours now", "You are on its waiting list", "You wait for it with your place"
KEPT = "Kept for you: say yes or no to it in “My day”"


def seen_field(series: int) -> str:
    """Return the name of the hidden field that says what they had of a series when the page was made."""
    return f"series-{series}-seen"


def with_mine(
    questions: Sequence[SeriesQuestion], has: Mapping[int, Wish], mine: Mapping[int, Session]
) -> list[SeriesQuestion]:
    """Return the same questions, in which one can also keep what one has: `has` by series, `mine` their sessions."""
    found = []
    for question in questions:
        wish = has.get(question.series.pk, Wish())
        held, waited = mine.get(wish.place), mine.get(wish.wait)
        open_ones = _in_order([*question.open, held])
        full = _in_order([each for each in [*question.full, waited] if each and each.pk != wish.place])
        found.append(dataclasses.replace(question, open=open_ones, full=full))
    return found


def _in_order(sessions: Sequence[Session | None]) -> list[Session]:
    unique = {each.pk: each for each in sessions if each is not None}
    return sorted(unique.values(), key=lambda session: (session.starts, session.code, session.pk))


class MyWorkshopsForm(StepForm):
    """For each series the workshop, the waiting list, and whether to be asked before being moved.

    What is not sent at all stays as it is, so that a cut-off form never costs a place.
    """

    def __init__(
        self,
        *args: object,
        questions: Sequence[SeriesQuestion],
        has: Mapping[int, Wish],
        places: Mapping[int, Availability],
        is_asked: bool,
        kept: Collection[int],
        **kwargs: Any,
    ) -> None:
        """Take the questions with what one has (see `with_mine`), that itself, and how the workshops are filled.

        `is_asked` says that they are asked before they are moved, whatever they wish; `kept` are the workshops in
        which a place is kept for their answer.
        """
        super().__init__(*args, **kwargs)
        self.has, self.places, self.is_asked, self.kept = has, places, is_asked, kept
        self.questions = [question for question in questions if question.asks]
        for question in self.questions:
            self._ask(question, has.get(question.series.pk, Wish()))
        self.layout = tuple(Question("registrations/_series.html", _Asked(self, question)) for question in questions)

    def _ask(self, question: SeriesQuestion, mine: Wish) -> None:
        name, takeable = question.series.name, {each.pk for each in question.open}
        full = {str(each.pk): f"“{each}” is full now. {ELSE}" for each in question.full if each.pk not in takeable}
        self.fields[question.place_name] = Choice(name, question.open, *REST, moved=full)
        self.initial[question.place_name] = rechoosing.taken(mine) or NONE
        if question.event_full:
            return
        waitable = {each.pk for each in question.full}
        roomy = {
            str(each.pk): f"“{each}” has places again. {TAKE_IT}" for each in question.open if each.pk not in waitable
        }
        self.fields[question.wait_name] = Choice(name, question.full, NONE, moved=roomy)
        self.initial[question.wait_name] = str(mine.wait or NONE)
        if question.full and not self.is_asked and mine.wait not in self.kept:
            asking, wrong = ask_field(question.series.pk), f"Say of {name} whether we move you or ask you first."
            self.fields[asking] = forms.ChoiceField(
                label=name, choices=list(ASKING.items()), required=False, error_messages={"invalid_choice": wrong}
            )
            self.initial[asking] = ASK if mine.ask_first else MOVE

    def control(self, name: str) -> str:
        """Return the id of the first radio of a question; a waiting list without radios leads to its series."""
        empty = [question for question in self.questions if name == question.wait_name and not question.full]
        return f"{self[empty[0].place_name if empty else name].auto_id}_0"

    def clean(self) -> dict[str, Any]:
        """Refuse two workshops at the same time; each fault stands beside the later series."""
        cleaned = super().clean()
        wishes = self.wishes() if not self.errors else {}
        chosen = [(each, question) for question in self.questions for each in question.open
                  if wishes.get(question.series.pk, Wish()).place == each.pk]  # fmt: skip
        for number, (session, question) in enumerate(chosen):
            for other, _ in chosen[:number]:
                if session.starts < other.ends and other.starts < session.ends:
                    self.add_error(question.place_name, f"“{other}” and “{session}” are at the same time.")
        return cleaned

    def wishes(self) -> dict[int, Wish]:
        """Return what is wanted of each series that was asked about."""
        return {question.series.pk: self._wish(question) for question in self.questions}

    def _wish(self, question: SeriesQuestion) -> Wish:
        mine = self.has.get(question.series.pk, Wish())
        place, no_part = self._key(question.place_name, mine.place), mine.no_part
        if question.place_name in self.data:
            no_part = self.cleaned_data.get(question.place_name) == rechoosing.NO_PART
        if question.event_full:
            return Wish(place, no_part=no_part)
        asked = self.cleaned_data.get(ask_field(question.series.pk))
        wait = self._key(question.wait_name, mine.wait)
        return Wish(place, wait, asked == ASK if asked and wait else None, no_part)

    def _key(self, name: str, mine: int | None) -> int | None:
        if name not in self.data:
            return mine
        chosen = self.cleaned_data.get(name)
        return int(chosen) if chosen and chosen not in REST else None

    @property
    def changes_nothing(self) -> bool:
        """Whether what was sent is what one has."""
        has = {series: self.has.get(series, Wish()) for series in self.wishes()}
        return all(
            rechoosing.word(wish) == rechoosing.word(has[series]) and wish.ask_first in (None, has[series].ask_first)
            for series, wish in self.wishes().items()
        )

    def seen(self) -> dict[int, str]:
        """Return what the page that was sent showed of each series."""
        return {question.series.pk: self.data.get(seen_field(question.series.pk), "") for question in self.questions}

    def now_seen(self) -> dict[str, str]:
        """Return the hidden fields of a page made now: what they have of each series."""
        keys = [question.series.pk for question in self.questions]
        return {seen_field(key): rechoosing.word(self.has.get(key, Wish())) for key in keys}


class _Asked:
    """One series of a form, as its template needs it."""

    def __init__(self, form: MyWorkshopsForm, question: SeriesQuestion) -> None:
        self.form, self.question = form, question
        self.mine = form.has.get(question.series.pk, Wish())
        names = (question.place_name, question.wait_name, ask_field(question.series.pk))
        self.place, self.wait, self.asking = (form[name] if name in form.fields else None for name in names)

    @property
    def errors(self) -> list[str]:
        """What is wrong with the answers, also what was found after the form was made."""
        asked = (self.place, self.wait, self.asking)
        return [message for bound in asked if bound for message in bound.errors]

    def places(self) -> list[dict[str, Any]]:
        """The workshops that can be taken or kept."""
        words = ASKED if self.question.event_full else HELD
        found = options(self.place, self.question.open, chosen(self.place))
        return [self._said(each, self.mine.place, words) for each in found]

    def waits(self) -> list[dict[str, Any]]:
        """The workshops whose waiting lists can be joined or kept."""
        found = options(self.wait, self.question.full, chosen(self.wait))
        words = KEPT if self.mine.wait in self.form.kept else WAITED
        return [self._said(each, self.mine.wait, words) for each in found]

    @property
    def waits_for_none(self) -> bool:
        """Whether “No waiting list” is chosen."""
        return chosen(self.wait) == NONE

    def _said(self, option: dict[str, Any], mine: int | None, words: str) -> dict[str, Any]:
        places = self.form.places.get(option["session"].pk)
        return {**option, "mine": words if option["session"].pk == mine else "", "places": places}

    def rest(self) -> list[dict[str, Any]]:
        """“I will choose later” and “None”."""
        answer = chosen(self.place)
        return [
            {"id": f"{self.place.auto_id}_{number}", "value": value, "words": words, "checked": answer == value}
            for number, (value, words) in enumerate(REST.items(), len(self.question.open))
        ]

    def ways(self) -> list[dict[str, Any]]:
        """Whether to be moved or asked."""
        way = chosen(self.asking)
        return [
            {"id": f"{self.asking.auto_id}_{number}", "value": value, "words": words, "checked": way == value}
            for number, (value, words) in enumerate(ASKING.items())
        ]
