"""The rules of booking once more, as plainly as possible: numbers and lists, no database, no lock, no speed.

The state machine asks both this model and the site, and compares all they know after every step.
"""

from dataclasses import dataclass, field


@dataclass
class Person:
    """`holds` and `waits` are keyed by series; a wait is a workshop and the number drawn on joining its line."""

    status: str
    number: int
    holds: dict = field(default_factory=dict)
    waits: dict = field(default_factory=dict)


@dataclass
class Workshop:
    series: int
    hour: int
    capacity: int | None
    open: bool = True


class Booking:
    """One event."""

    def __init__(self, capacity, workshops):
        self.capacity = capacity
        self.workshops = workshops  # by name, such as "1A"; their order is the order of names
        self.people = []
        self.numbers = 0
        self.told = []  # who was promoted by the last step

    def draw(self):
        self.numbers += 1
        return self.numbers

    # What there is.

    def holders(self, name):
        return [who for who in self.people if name in who.holds.values()]

    def has_room(self, name):
        capacity = self.workshops[name].capacity
        return capacity is None or len(self.holders(name)) < capacity

    def confirmed(self):
        return [who for who in self.people if who.status == "confirmed"]

    def event_has_room(self):
        return self.capacity is None or len(self.confirmed()) < self.capacity

    def event_line(self):
        return sorted((who for who in self.people if who.status == "waiting"), key=lambda who: who.number)

    def line(self, name):
        waiting = [(number, who) for who in self.people for what, number in who.waits.values() if what == name]
        return [who for _, who in sorted(waiting, key=lambda pair: pair[0])]

    def clash(self, one, two):
        return one != two and self.workshops[one].hour == self.workshops[two].hour

    # What attendees ask. Each returns whether it was granted.

    def register(self, take, wait):
        who = Person("confirmed" if self.event_has_room() else "waiting", 0)
        if not self._grants(who, take, wait):
            return False
        who.number = self.draw()
        self.people.append(who)
        self._give(who, take, wait)
        return True

    def change(self, who, take, wait):
        if who.status == "cancelled" or not self._grants(who, take, wait):
            return False
        self._give(who, take, wait)
        self.promote()
        return True

    def cancel(self, who):
        who.status, who.holds, who.waits = "cancelled", {}, {}
        self.promote()

    def _grants(self, who, take, wait):
        """Whether these wishes can be met; None in `take` or `wait` is none of that series."""
        for series in take:
            place, waited = take[series], wait[series]
            if place and place == waited:
                return False
            if who.status == "waiting":
                kept = who.waits.get(series, ("",))[0]
                if (place and waited) or any(
                    name and name != kept and not self.workshops[name].open for name in (place, waited)
                ):
                    return False
                continue
            if place and place != who.holds.get(series) and not (self.workshops[place].open and self.has_room(place)):
                return False
            waits_already = waited == who.waits.get(series, ("",))[0]
            if waited and not waits_already and (not self.workshops[waited].open or self.has_room(waited)):
                return False
        return not self._clashes(who, take, wait)

    def _clashes(self, who, take, wait):
        if who.status == "waiting":
            asked = {series: name for series, (name, _) in who.waits.items()}
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

    def _give(self, who, take, wait):
        for series in take:
            if who.status == "waiting":
                wanted, place = take[series] or wait[series], None
            else:
                wanted, place = wait[series], take[series]
            if place:
                who.holds[series] = place
            else:
                who.holds.pop(series, None)
            if not wanted:
                who.waits.pop(series, None)
            elif who.waits.get(series, ("",))[0] != wanted:
                who.waits[series] = (wanted, self.draw())

    # What staff do.

    def resize(self, name, capacity):
        if capacity is not None and len(self.holders(name)) > capacity:
            return False
        self.workshops[name].capacity = capacity
        self.promote()
        return True

    def resize_event(self, capacity):
        if capacity is not None and len(self.confirmed()) > capacity:
            return False
        self.capacity = capacity
        self.promote()
        return True

    def move(self, name, hour):
        before, self.workshops[name].hour = self.workshops[name].hour, hour
        if before != hour and any(
            self.clash(name, other) for who in self.holders(name) for other in who.holds.values()
        ):
            self.workshops[name].hour = before
            return False
        self.promote()
        return True

    def close(self, name):
        self.workshops[name].open = False
        for who in self.people:
            who.holds = {series: held for series, held in who.holds.items() if held != name}
            who.waits = {series: wait for series, wait in who.waits.items() if wait[0] != name}
        self.promote()
        return True

    # Who moves.

    def promote(self):
        self.told = []
        while self.event_has_room() and self.event_line():
            who = self.event_line()[0]
            who.status = "confirmed"
            self.told.append(who)
        while self._one_moves():
            pass

    def _one_moves(self):
        for name in self.workshops:
            workshop = self.workshops[name]
            for who in self.line(name) if workshop.open and self.has_room(name) else []:
                others = [held for series, held in who.holds.items() if series != workshop.series]
                if who.status == "confirmed" and not any(self.clash(name, other) for other in others):
                    who.holds[workshop.series] = name
                    del who.waits[workshop.series]
                    if who not in self.told:
                        self.told.append(who)
                    return True
        return False
