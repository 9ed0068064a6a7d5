"""What axe finds on a page in the browser, asked for no more than is looked at."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Each of axe's rules finds faults of one impact: if only those of some impacts count, the other rules need not run.
# A document only just committed has no elements yet, and axe would trip over that: it waits for the whole.
RUN = """async ([part, options, impacts]) => {
    if (document.readyState !== 'complete') await new Promise(done => addEventListener('load', done, {once: true}));
    if (typeof axe !== 'object') return null;
    const idle = axe._audit.rules.filter(rule => impacts && rule.impact && !impacts.includes(rule.impact));
    const rules = Object.fromEntries(idle.map(rule => [rule.id, {enabled: false}]));
    return axe.run(part || document, {resultTypes: ['violations'], ...(impacts ? {rules} : {}), ...options})
        .then(found => found.violations.filter(each => !impacts || !each.impact || impacts.includes(each.impact)));
}"""


def violations(page: Page, options: dict | None = None, *, part: str = "", impacts: list[str] | None = None) -> list:
    """Return the violations that axe finds in a part of the page, of these impacts, with their `id` and `nodes`."""
    wanted = [part, options or {}, impacts]
    found = page.evaluate(RUN, wanted)
    if found is None:
        page.evaluate(AXE_SCRIPT)
        page.add_init_script(AXE_SCRIPT)  # the pages that follow bring it along, which is quicker than sending it
        found = page.evaluate(RUN, wanted)
    return found


def grave_faults(page: Page) -> list[tuple[str, str]]:
    """Return the rules that are broken critically, and the first element of each."""
    return [(each["id"], each["nodes"][0]["html"]) for each in violations(page, impacts=["critical"])]
