"""A visit to the site with a browser, which notes what went wrong on the way."""

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.axe import violations

SAMPLE, REAL = "/events/sample-conference/", "/events/clinks-annual-conference-2023/"
PAGES = {
    "home": "/",  # the event without a programme: a sample never stands before a real one
    "event": SAMPLE,
    "events": "/events/",
    "listing": "/events/ai-and-the-future-of-technology-in-the-black-community/",
    "past event": REAL,
    "past agenda": f"{REAL}agenda/",
    "past workshop": f"{REAL}agenda/workshop-1a/",
    "past people": f"{REAL}people/",
    "agenda": f"{SAMPLE}agenda/",
    "search": f"{SAMPLE}agenda/?q=olajumoke&kind=workshop&kind=panel",
    "empty search": f"{SAMPLE}agenda/?q=zebra",
    "panel": f"{SAMPLE}agenda/afternoon-keynote-panel/",
    "workshop": f"{SAMPLE}agenda/the-silence-around-harm/",
    "people": f"{SAMPLE}people/",
    "person": f"{SAMPLE}people/olajumoke-adebayo/",
    "longest name": f"{SAMPLE}people/wilhelmina-featherstonehaugh/",
    "organisations": f"{SAMPLE}organisations/",
    "organisation": f"{SAMPLE}organisations/lantern-row-trust/",
    "changes": f"{SAMPLE}changes/",
    "bare agenda": "/events/bare/agenda/",
    "words": "/access-and-support/",
    "longer words": "/privacy/",
    "not found": "/no/such/page/",
}
# What journeys.md promises: WCAG 2.2 AA and best practice, and for text the contrast of AAA.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"color-contrast-enhanced": {"enabled": True}},
}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast", "color-contrast-enhanced"]}}


# Chromium's complaint depends on how busy the machine is: `test_what_is_preloaded_is_used` looks without a clock.
TOO_LATE_TO_SEE = "was preloaded using link preload but not used within a few seconds"


class Visit:
    """One browser context at a width; `faults` are the errors that its pages reported."""

    def __init__(self, browser: Browser, site: str, *, width: int = 320, **wishes: object) -> None:
        size = {"width": width, "height": 800}
        self.context = browser.new_context(base_url=site, viewport=size, reduced_motion="reduce", **wishes)
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.site = site
        self.faults: list[str] = []
        self.requests: list[Request] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("requestfailed", self._failed)
        self.page.on("request", lambda request: self.requests.append(request))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and TOO_LATE_TO_SEE not in message.text:
            self.faults.append(message.text)

    def _failed(self, request: Request) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):  # what leaving the page before it broke off
            self.faults.append(f"{request.url} failed: {request.failure}")

    def to(self, address: str) -> Page:
        """Go to an address and return the page; what was noted of earlier pages is forgotten."""
        self.faults.clear()
        self.requests.clear()
        self.page.emulate_media(color_scheme="light", forced_colors="none", media="null")
        self.page.goto(address)
        return self.page

    def axe(self, rules: dict = RULES) -> list[str]:
        """Return what axe finds on the page as it is now, a line for each element."""
        return [
            f"{each['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
            for each in violations(self.page, rules)
            for node in each["nodes"]
        ]
