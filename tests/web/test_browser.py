"""The page as somebody meets it: a real browser, on a phone and on a desk, by hand, by keyboard and by ear."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from semax_bot.charts.theme import TEXT
from web.browsing import DESKTOP, JUMP, METER, PHONE, Visit
from web.serving import Serving

CHARTS = ["turnover", "curve", "hamd", "drugs", "evidence"]
FINGER = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
ACROSS = "svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width"  # pixels of a picture's unit
# The middles of the slider's knob and of the point that it moves, in pixels from the left.
KNOB = """figure => {
    const input = figure.querySelector('input'), track = input.getBoundingClientRect();
    const share = (input.value - input.min) / (input.max - input.min);
    const point = [...figure.querySelectorAll('.mark-symbol path')].at(-1).getBoundingClientRect();
    return [track.left + 8 + share * (track.width - 16), point.left + point.width / 2];
}"""

Visiting = Callable[..., Visit]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_every_chart_is_drawn_in_its_theme(visit: Visiting, page: Serving, size: dict[str, int], theme: str) -> None:
    """All charts appear as they are reached, in the reader's colours, within the width, without a finding."""
    seen = visit(page.url, viewport=size, color_scheme=theme)
    ground = {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 26, 34)"}[theme]
    for name in CHARTS:
        figure = seen.chart(name)
        expect(figure).to_have_css("background-color", ground)
        assert figure.get_attribute("data-theme") == theme
        box = figure.locator("svg").bounding_box()
        assert box is not None
        assert box["width"] > 290
        assert box["x"] + box["width"] <= size["width"]
        assert TEXT * figure.locator("svg").evaluate(ACROSS) >= 12  # pixels
    assert seen.page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert seen.findings() == []


def test_the_slider_names_the_zone(visit: Visiting, page: Serving) -> None:
    """Moved by keyboard, the point moves, and the zone is told in words, to a screen reader too."""
    figure = visit(page.url).chart("curve")
    slider = figure.get_by_role("slider", name="Level of norepinephrine")
    said = figure.get_by_role("status")
    expect(said).to_contain_text("Focused: alertness")
    before = figure.locator("svg").inner_html()
    slider.press("Home")
    expect(said).to_contain_text("Drowsy: drowsiness")
    expect(slider).to_have_attribute("aria-valuetext", "drowsy")
    slider.press("End")
    expect(said).to_contain_text("Anxious: anxiety")
    expect(said).to_contain_text("The claimed +15–25% (not found) would end in: anxious.")
    assert figure.locator("svg").inner_html() != before
    expect(said).to_have_attribute("aria-live", "polite")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_the_knob_stands_over_the_point(visit: Visiting, page: Serving, size: dict[str, int]) -> None:
    """Wherever the slider is, its knob, 16 pixels wide, stands over the point of the curve that it moves."""
    figure = visit(page.url, viewport=size).chart("curve")
    for key in ("Home", "PageUp", "End"):
        figure.get_by_role("slider").press(key)
        knob, point = figure.evaluate(KNOB)
        assert abs(knob - point) < 8


def test_filters_leave_what_was_chosen(visit: Visiting, page: Serving) -> None:
    """System and region narrow the chart; where nothing is left, words say so; 'all' brings everything back."""
    figure = visit(page.url).chart("turnover")
    words = figure.locator("svg")
    regions = words.locator("text")
    figure.get_by_role("radio", name="serotonin").check()
    expect(regions.filter(has_text="parietal cortex")).to_have_count(0)
    expect(regions.filter(has_text="hippocampus")).to_have_count(1)
    expect(words).not_to_contain_text("Dopamine")
    expect(figure.get_by_role("status")).to_have_text("Showing 4 of 9.")
    figure.get_by_role("combobox", name="Region").select_option("parietal cortex")
    expect(figure.get_by_role("status")).to_have_text("Nothing here about serotonin and parietal cortex.")
    figure.get_by_role("radio", name="norepinephrine").check()
    expect(words).to_contain_text("+15–25%")
    figure.get_by_role("radio", name="all").check()
    figure.get_by_role("combobox", name="Region").select_option("all")
    expect(words).to_contain_text("Dopamine")
    expect(figure.get_by_role("status")).to_have_text("")


def test_what_was_chosen_survives_a_change_of_theme(visit: Visiting, page: Serving) -> None:
    """At dusk the charts are drawn anew, and stand where they stood."""
    seen = visit(page.url, color_scheme="light")
    figure = seen.chart("evidence")
    figure.get_by_role("radio", name="dopamine").check()
    told = figure.get_by_role("status").inner_text()
    light = figure.locator("svg").inner_html()
    seen.page.emulate_media(color_scheme="dark")
    expect(figure).to_have_attribute("data-theme", "dark")
    expect(figure.locator("svg [stroke='#a5e8ee']").first).to_be_visible()
    assert figure.locator("svg").inner_html() != light
    expect(figure.get_by_role("status")).to_have_text(told)
    assert figure.locator("svg text", has_text="contradicted").count() == 1


def test_a_mark_tells_what_it_is(visit: Visiting, page: Serving) -> None:
    """Over a mark stands a tooltip in the page's own style, as the policy allows no other; Escape takes it away."""
    seen = visit(page.url)
    seen.chart("evidence").locator("svg .mark-symbol path").first.hover()
    tooltip = seen.page.locator("#vg-tooltip-element")
    expect(tooltip).to_be_visible()
    expect(tooltip).to_contain_text("Check")
    expect(tooltip).to_have_css("border-radius", "10px")
    seen.page.keyboard.press("Escape")
    expect(tooltip).to_be_hidden()


def test_a_mark_tells_it_to_a_finger_too(visit: Visiting, page: Serving) -> None:
    """A tap opens the tooltip, all of it on the screen; a tap anywhere else closes it."""
    seen = visit(page.url, **FINGER)
    tooltip = seen.page.locator("#vg-tooltip-element")
    figure = seen.chart("evidence")
    for mark in (figure.locator("svg .mark-symbol path").nth(at) for at in (0, 17)):
        mark.tap()
        expect(tooltip).to_be_visible()
        expect(tooltip).to_contain_text("Check")
        expect(tooltip).to_be_in_viewport(ratio=1)
        figure.get_by_role("heading").tap()
        expect(tooltip).to_be_hidden()


def test_a_question_is_answered_by_a_card(visit: Visiting, page: Serving) -> None:
    """Typed and sent by Enter, a question gets the tutor's card; 'why?' goes on from it; a button opens its page."""
    seen = visit(page.url, viewport=PHONE).page
    box = seen.get_by_role("searchbox", name="Ask in your own words")
    answer, example = seen.locator("#answer"), seen.get_by_role("button", name="Is Semax addictive?")
    example.click()
    expect(box).to_have_value("Is Semax addictive?")
    expect(answer).to_contain_text("no reports of addiction")
    expect(example).to_be_hidden()  # the answer stands in its place
    box.fill("what is dopac")
    box.press("Enter")
    expect(answer.get_by_role("heading", name="DOPAC")).to_be_visible()
    expect(box).to_be_focused()
    box.fill("why?")
    seen.get_by_role("button", name="Ask", exact=True).click()
    expect(answer).to_contain_text("DOPAC")
    answer.get_by_role("link", name="Evidence").click()
    expect(seen.get_by_role("heading", level=1)).to_contain_text("evidence")


def test_an_answer_is_seen_on_a_phone(visit: Visiting, page: Serving) -> None:
    """After a question the keyboard goes, and the answer comes into sight; it leads to the chart that draws it."""
    seen = visit(page.url, **FINGER).page
    box = seen.get_by_role("searchbox")
    box.tap()
    box.fill("does it raise norepinephrine?")
    box.press("Enter")
    heading = seen.locator("#answer").get_by_role("heading", name="Norepinephrine turnover")
    expect(heading).to_be_in_viewport()
    expect(seen.locator("#answer .lead")).to_be_in_viewport()
    expect(box).not_to_be_focused()
    seen.locator("#answer").get_by_role("link", name="See it").tap()
    expect(seen.get_by_role("heading", name="Turnover, region by region")).to_be_in_viewport()


def test_what_goes_wrong_is_said(visit: Visiting, page: Serving) -> None:
    """Without a network a question gets a line; a chart that does not load gives way to its words."""
    seen = visit(page.url, viewport=PHONE)
    seen.page.context.set_offline(True)
    seen.page.get_by_role("searchbox").fill("what is dopac")
    seen.page.get_by_role("searchbox").press("Enter")
    expect(seen.page.locator("#answer")).to_contain_text("No answer came")
    figure = seen.page.locator("[data-kind=tally]")
    figure.scroll_into_view_if_needed()
    expect(figure).to_contain_text("cannot be shown just now")
    expect(figure.get_by_text("One mark for each card")).to_be_visible()
    assert seen.complaints
    assert all("ERR_INTERNET_DISCONNECTED" in complaint for complaint in seen.complaints)
    seen.complaints.clear()


def test_cards_are_read_without_scripts(visit: Visiting, page: Serving) -> None:
    """With scripts off, the form still answers, cards open by address, and views are links."""
    seen = visit(page.url, java_script_enabled=False).page
    seen.get_by_role("searchbox").fill("what is dopac")
    seen.get_by_role("searchbox").press("Enter")
    expect(seen.locator("#answer h2")).to_have_text("DOPAC")
    for empty in (*seen.locator(".plot").all(), *seen.locator(".controls").all()):
        expect(empty).to_be_hidden()
    seen.get_by_role("link", name="Simpler").click()
    expect(seen).to_have_url(f"{page.url}e/06-term-dopac/simple")
    seen.get_by_role("link", name="Back to the card").click()
    expect(seen).to_have_url(f"{page.url}e/06-term-dopac")


@pytest.mark.parametrize("path", ["e/06-term-dopac", "e/06-comparison-semax/evidence", "p/sources", "e/nothing"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_cards_can_be_read_by_everyone(visit: Visiting, page: Serving, path: str, theme: str) -> None:
    """Contrast, names and structure hold on cards, lists and the page that is not there."""
    seen = visit(page.url + path, viewport=PHONE, color_scheme=theme)
    assert seen.findings() == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    seen.complaints = [one for one in seen.complaints if "404" not in one]  # Chromium notes the status itself


def test_a_card_shows_its_chart(visit: Visiting, page: Serving) -> None:
    """A card leads to the chart that draws it, and the chart back to its cards."""
    seen = visit(f"{page.url}e/06-figure-norepinephrine-turnover")
    seen.page.get_by_role("link", name="See it: The inverted U").click()
    figure = seen.page.locator("[id='06-chart-curve']")
    expect(figure).to_be_in_viewport()
    expect(figure.locator("svg")).to_be_in_viewport()
    figure.get_by_role("link", name="Norepinephrine turnover").click()
    expect(seen.page).to_have_url(f"{page.url}e/06-figure-norepinephrine-turnover")


def test_everything_is_reached_by_keyboard(visit: Visiting, page: Serving) -> None:
    """The first stop skips the head; every control takes the focus, and shows that it has it."""
    seen = visit(page.url)
    seen.chart("turnover")
    seen.page.evaluate("scrollTo(0, 0)")
    stops = []
    for _ in range(14):
        seen.page.keyboard.press("Tab")
        stops.append(seen.page.evaluate("[document.activeElement.tagName, document.activeElement.type ?? '']"))
        ring = "getComputedStyle(document.activeElement.matches('fieldset input') ? document.activeElement.nextSibling"
        assert seen.page.evaluate(f"{ring} : document.activeElement).outlineWidth") == "3px", stops[-1]
    assert stops[0] == ["A", ""]
    assert [stop for stop in stops if stop[1]][:2] == [["INPUT", "search"], ["BUTTON", "submit"]]
    assert ["INPUT", "radio"] in stops
    assert ["SELECT", "select-one"] in stops


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_nothing_jumps_while_it_loads(visit: Visiting, page: Serving, size: dict[str, int]) -> None:
    """Charts have their room before they are drawn: a layout shift below 0.1, which web.dev/cls calls good."""
    seen = visit(page.url, METER, viewport=size)
    seen.page.locator("figure svg").first.wait_for(state="attached")
    assert seen.shifted() < 0.1
    seen.page.evaluate(JUMP)
    assert seen.shifted() > 0.1  # so a jump would have been seen
