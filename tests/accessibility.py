"""What axe finds on a page, in few words."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error as PlaywrightError

# Only what is wrong comes back: the whole account of a page is larger than the page.
_RUN = """async (options) => {
  const { violations } = await axe.run(options);
  const places = (nodes) => nodes.slice(0, 4).map(({ html }) => html.slice(0, 200));
  return violations.map(({ id, help, nodes }) => [`${id}: ${help}`, ...places(nodes)].join("\\n"));
}"""


def violations_on(page, **options) -> list[str]:
    """What is wrong with a page for people with disabilities: rule, help, and up to four places.

    A page that was just being left is not the one to examine: the next is.
    """
    page.wait_for_load_state()
    try:
        return _examined(page, options)
    except PlaywrightError:
        page.wait_for_load_state()
        return _examined(page, options)


def _examined(page, options) -> list[str]:
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(_RUN, options)
