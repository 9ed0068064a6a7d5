"""How a person walks through the journey of registering, and how many of them do so at once."""

import itertools
import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from script.benchmarks.browser import Browser, Form, Noted, Page, Unexpected

START = "/events/sample-conference/register/"
Result = TypeVar("Result")
Choose = Callable[[int, Form], dict[str, str]]
_numbers = itertools.count(1)


def newcomer(noted: Noted) -> Browser:
    """Return the browser of somebody who was not here before, from an address of their own."""
    return Browser(next(_numbers), noted)


def any_workshops(number: int, form: Form) -> dict[str, str]:
    """Choose any workshop with room in each series, always the same for the same person."""
    dice = random.Random(number)
    offered = {name: [each for each in values if each.isdigit()] for name, values in form.radios.items()}
    return {
        name: dice.choice(values) if values and not name.endswith("-wait") else form.radios[name][-1]
        for name, values in offered.items()
    }


def to_check(browser: Browser, choose: Choose = any_workshops) -> Page:
    """Walk from the start to the page to check, and return it. Raises Unexpected if it is not reached."""
    page = _expect(browser.get(START), "start")
    page = _expect(browser.send(page.form()), "details")
    page = _expect(browser.send(page.form(), _details(browser.number)), "ticket")
    form = page.form()
    page = _expect(browser.send(form, _ticket(form)), "workshops")
    form = page.form()
    page = _expect(browser.send(form, choose(browser.number, form)), "access")
    return _expect(browser.send(page.form(), _access(browser.number)), "check")


def whole(browser: Browser) -> Page:
    """Walk the whole way and return the page of what is confirmed. Raises Unexpected if it is not reached."""
    page = _expect(browser.send(to_check(browser).form()), "confirmed")
    browser.close()
    return page


def _expect(page: Page, step: str) -> Page:
    if page.status != 200 or page.step != step:
        raise Unexpected(f"Instead of {step}: {page.address} with {page.status}, “{page.heading}”.")
    return page


def _details(number: int) -> dict[str, str]:
    return {"name": f"Person Number {number}", "email": f"person{number}@example.org", "phone": "020 7946 0018"}


def _ticket(form: Form) -> dict[str, str]:
    return {
        "organisation": "The Example Trust", "job_title": "Volunteer co-ordinator", "is_member": "on",
        "ticket_type": form.radios["ticket_type"][0], "pays": "organisation",
        "invoice_address": "1 Example Street\nLondon", "invoice_email": "accounts@example.org",
    }  # fmt: skip


def _access(number: int) -> dict[str, str]:
    """Return the needs of one person; one in four has some."""
    return {} if number % 4 else {"step_free": "on", "dietary": "Vegan", "other": "A seat near the door, please."}


def together(
    work: Callable[..., Result], items: Iterable[object], clients: int, seconds: float = float("inf")
) -> tuple[list[Result], float]:
    """Do this for all items, so many at once; what has not begun after `seconds` is left out.

    Return the results and how long it took. Raises what the work raises.
    """
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        found = pool.map(lambda item: [work(item)] if time.perf_counter() < began + seconds else [], items)
        results = [each for one in found for each in one]
    return results, time.perf_counter() - began


def percentile(seconds: list[float], hundredth: int) -> float:
    """Return in milliseconds how long so many hundredths of the requests took at most."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) * hundredth // 100, len(ordered) - 1)] * 1000


def table(noted: Noted) -> None:
    """Print how long each kind of request took."""
    print(f"\n{'request':<18}{'number':>8}{'p50 ms':>9}{'p99 ms':>9}")
    for step, seconds in noted.seconds.items():
        print(f"{step:<18}{len(seconds):>8}{percentile(seconds, 50):>9.1f}{percentile(seconds, 99):>9.1f}")
