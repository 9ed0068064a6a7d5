"""The rules of booking once more, as plainly as possible: numbers and lists, no database, no lock, no speed.

The state machine asks both this model and the site, and compares all they know after every step.
"""

from dataclasses import dataclass, field

EVENT = "the event"


@dataclass
class Wait:
    """A claim in the line of a workshop: the number drawn on joining it, and whether to be asked first."""

    name: str
    number: int
    ask: bool


@dataclass
class Person:
    """`holds` and `waits` are keyed by series; `offers` are keyed by what is kept: a workshop, or the event."""

    status: str
    number: int
    ask: bool = False  # before the place at the event is theirs
    holds: dict = field(default_factory=dict)
    waits: dict = field(default_factory=dict)
    offers: dict = field(default_factory=dict)  # until when


@dataclass
class Workshop:
    series: int
    hour: int
    capacity: int | None
    open: bool = True


class Booking:
    """One event. `until` says for a moment until when an offer made then can be answered."""

    def __init__(self, capacity, workshops, until):
        self.capacity = capacity
        self.workshops = workshops  # by name, such as "1A"; their order is the order of names
        self.until = until
        self.everybody_is_asked = False
        self.people = []
        self.numbers = 0
        self.told = []  # who was promoted by the last step
        self.asked = []  # who was offered something by it

    def draw(self):
        self.numbers += 1
        return self.numbers

    # What there is.

    def holders(self, name):
        return [who for who in self.people if name in who.holds.values()]

    def taken(self, name):
        return len(self.holders(name)) + sum(name in who.offers for who in self.people)

    def has_room(self, name):
        capacity = self.workshops[name].capacity
        return capacity is None or self.taken(name) < capacity

    def event_taken(self):
        return sum(who.status == "confirmed" or EVENT in who.offers for who in self.people)

    def event_has_room(self):
        return self.capacity is None or self.event_taken() < self.capacity

    def event_line(self):
        return sorted((who for who in self.people if who.status == "waiting"), key=lambda who: who.number)

    def line(self, name):
        waiting = [(wait.number, who) for who in self.people for wait in who.waits.values() if wait.name == name]
        return [who for _, who in sorted(waiting, key=lambda pair: pair[0])]

    def clash(self, one, two):
        return one != two and self.workshops[one].hour == self.workshops[two].hour

    # What attendees ask. Each returns whether it was granted.

    def register(self, take, wait, ask, now):
        who = Person("confirmed" if self.event_has_room() else "waiting", 0)
        if not self._grants(who, take, wait):
            return False
        who.number = self.draw()
        self.people.append(who)
        self._give(who, take, wait, ask)
        return True

    def change(self, who, take, wait, ask, now):
        if who.status == "cancelled" or not self._grants(who, take, wait):
            return False
        if any(self._passes_by_an_offer(who, series, wait[series], ask[series]) for series in take):
            return False
        self._give(who, take, wait, ask)
        self.promote(now)
        return True

    def _passes_by_an_offer(self, who, series, name, ask):
        """Whether somebody says “move me” of a workshop whose place is kept for them: only yes or no answers that."""
        mine = who.waits.get(series)
        return bool(mine and mine.name == name and name in who.offers and mine.ask and not ask)

    def cancel(self, who, now):
        self._end(who)
        self.promote(now)

    def _end(self, who):
        who.status, who.holds, who.waits, who.offers = "cancelled", {}, {}, {}

    def accept(self, who, what, now):
        if what not in who.offers or who.offers[what] <= now:
            return False
        if what != EVENT:
            series = self.workshops[what].series
            if any(self.clash(what, held) for other, held in who.holds.items() if other != series):
                return False
            who.holds[series] = what
            del who.waits[series]
        else:
            who.status = "confirmed"
        del who.offers[what]
        self.promote(now)
        return True

    def decline(self, who, what, now):
        if what not in who.offers or who.offers[what] <= now:
            return False
        self._pass_on(who, what)
        self.promote(now)
        return True

    def let_run_out(self, now):
        over = [(who, what) for who in self.people for what, until in who.offers.items() if until <= now]
        for who, what in over:
            self._pass_on(who, what)
        if over:
            self.promote(now)

    def _pass_on(self, who, what):
        if what == EVENT:
            self._end(who)
        else:
            del who.offers[what]
            del who.waits[self.workshops[what].series]

    def _grants(self, who, take, wait):
        """Whether these wishes can be met; None in `take` or `wait` is none of that series."""
        for series in take:
            place, waited = take[series], wait[series]
            if place and place == waited:
                return False
            kept = who.waits[series].name if series in who.waits else ""
            if who.status == "waiting":
                if (place and waited) or any(
                    name and name != kept and not self.workshops[name].open for name in (place, waited)
                ):
                    return False
                continue
            if place and place != who.holds.get(series) and not (self.workshops[place].open and self.has_room(place)):
                return False
            if waited and waited != kept and (not self.workshops[waited].open or self.has_room(waited)):
                return False
        return not self._clashes(who, take, wait)

    def _clashes(self, who, take, wait):
        if who.status == "waiting":
            asked = {series: each.name for series, each in who.waits.items()}
            asked |= {series: take[series] or wait[series] for series in take}
        else:
            asked = who.holds | take
        pairs = [(one, two) for one in asked for two in asked if one < two and {one, two} & take.keys()]
        if any(asked[one] and asked[two] and self.clash(asked[one], asked[two]) for one, two in pairs):
            return True
        return who.status != "waiting" and any(
            waited and place and series != other and self.clash(waited, place)
            for series, waited in wait.items()
            for other, place in asked.items()
        )

    def _give(self, who, take, wait, ask):
        for series in take:
            if who.status == "waiting":
                wanted, place = take[series] or wait[series], None
            else:
                wanted, place = wait[series], take[series]
            if place:
                who.holds[series] = place
            else:
                who.holds.pop(series, None)
            has = who.waits.get(series)
            if has and has.name == wanted:
                has.ask = ask[series]
                continue
            if has:
                who.offers.pop(has.name, None)
                del who.waits[series]
            if wanted:
                who.waits[series] = Wait(wanted, self.draw(), ask[series])

    # What staff do.

    def resize(self, name, capacity, now):
        if capacity is not None and self.taken(name) > capacity:
            return False
        self.workshops[name].capacity = capacity
        self.promote(now)
        return True

    def resize_event(self, capacity, now):
        if capacity is not None and self.event_taken() > capacity:
            return False
        self.capacity = capacity
        self.promote(now)
        return True

    def move(self, name, hour, now):
        before, self.workshops[name].hour = self.workshops[name].hour, hour
        if before != hour and any(
            self.clash(name, other) for who in self.holders(name) for other in who.holds.values()
        ):
            self.workshops[name].hour = before
            return False
        self.promote(now)
        return True

    def close(self, name, now):
        self.workshops[name].open = False
        for who in self.people:
            who.holds = {series: held for series, held in who.holds.items() if held != name}
            who.waits = {series: wait for series, wait in who.waits.items() if wait.name != name}
            who.offers.pop(name, None)
        self.promote(now)
        return True

    # Who moves.

    def promote(self, now):
        self.told, self.asked = [], []
        while self.event_has_room() and (line := [who for who in self.event_line() if EVENT not in who.offers]):
            who = line[0]
            if self.everybody_is_asked or who.ask:
                self._ask(who, EVENT, now)
            else:
                who.status = "confirmed"
                self.told.append(who)
        while self._one_moves(now):
            pass

    def _ask(self, who, what, now):
        who.offers[what] = self.until(now)
        if who not in self.asked:
            self.asked.append(who)

    def _one_moves(self, now):
        for name in self.workshops:
            workshop = self.workshops[name]
            for who in self.line(name) if workshop.open and self.has_room(name) else []:
                if who.status != "confirmed" or name in who.offers or self._is_elsewhere(who, name):
                    continue
                if self.everybody_is_asked or who.waits[workshop.series].ask:
                    self._ask(who, name, now)
                else:
                    who.holds[workshop.series] = name
                    del who.waits[workshop.series]
                    if who not in self.told:
                        self.told.append(who)
                return True
        return False

    def _is_elsewhere(self, who, name):
        """Whether they have, or are being asked about, something of another series at the time of this workshop."""
        series = self.workshops[name].series
        others = [held for other, held in who.holds.items() if other != series]
        others += [what for what in who.offers if what != EVENT and self.workshops[what].series != series]
        return any(self.clash(name, other) for other in others)
