"""The page in a browser: Chromium, without a window; skipped where there is none, unless in continuous integration."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from handmade_exhibits import HOSTILE, handmade

from verify.report.page import page


@dataclass
class Opened:
    """A page, and what it complained about or asked for."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: the report was not tried in a browser")
        pytest.skip("no Chromium on this machine")
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync.sync_playwright() as play:
        started = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "page.html"
    path.write_text(page(handmade(word=HOSTILE)), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def opened(browser: Any, address: str) -> Iterator[Opened]:
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    found = Opened(context.new_page())
    found.page.on("console", lambda message: found.complaints.append(message.text))
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    found.page.on("dialog", lambda dialog: (found.complaints.append(dialog.message), dialog.dismiss()))
    found.page.on("request", lambda request: found.requests.append(request.url))
    found.page.goto(address)
    yield found
    context.close()


def test_it_opens_without_a_complaint_and_asks_for_nothing(opened: Opened, address: str):
    assert opened.page.locator("main h1, header h1").count() == 1
    assert opened.complaints == []
    assert {r for r in opened.requests if not r.startswith("data:")} == {address}


def test_the_policy_stops_scripts_and_requests(opened: Opened):
    """As an attack that got past the escaping would try."""
    blocked: dict[str, str] = {}
    opened.page.on("requestfailed", lambda request: blocked.update({request.url: request.failure}))
    opened.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script);
            const picture = '<img src="https://example.org/x.png" onerror="window.ran = true">';
            document.body.insertAdjacentHTML("beforeend", picture);
        }"""
    )
    opened.page.wait_for_timeout(100)
    assert blocked == {"https://example.org/x.png": "csp"}
    assert opened.page.evaluate("window.ran") is None
    assert any("Content Security Policy" in text for text in opened.complaints)


def visible(plate: Any) -> list[str]:
    """What is seen of the shapes and images of a figure; its pixels differ from one drawing to the next."""
    return plate.evaluate(
        """plate => [...plate.querySelectorAll("path, polyline, circle, image, img, text")]
            .filter(shape => shape.checkVisibility() && shape.getClientRects().length)
            .map(shape => shape.outerHTML)"""
    )


@pytest.mark.parametrize("key", ["readout", "error-map"])
def test_a_slider_moved_by_the_keyboard_changes_picture_and_words(opened: Opened, key: str):
    figure = opened.page.locator(f"#figure-{key}")
    slider, output, plate = figure.locator("input"), figure.locator("output"), figure.locator(".plate")
    assert slider.is_visible()
    slider.focus()
    opened.page.keyboard.press("End")
    before = output.inner_text(), visible(plate)
    opened.page.keyboard.press("ArrowLeft")
    after = output.inner_text(), visible(plate)
    assert after[0] != before[0]
    assert after[1] != before[1] != []
    assert slider.get_attribute("aria-valuetext") == after[0]
    opened.page.keyboard.press("End")
    assert (output.inner_text(), visible(plate)) == before
    assert opened.complaints == []


def test_neurons_say_what_they_are_for(opened: Opened):
    figure = opened.page.locator("#network-drawing")
    about, neurons = figure.locator(".about"), figure.locator(".neuron[tabindex]")
    neurons.nth(0).focus()
    assert "carries" in about.text_content()
    opened.page.keyboard.press("ArrowDown")
    assert about.text_content().startswith("G: cell number; floor; largest weight 12 bits; reads x1")
    assert figure.locator(".lit").count() == 1
    opened.page.keyboard.press("ArrowRight")
    assert about.text_content().startswith("S:")


@pytest.mark.parametrize("width", [320, 360])
def test_no_horizontal_scrolling_on_a_phone(opened: Opened, width: int):
    opened.page.set_viewport_size({"width": width, "height": 700})
    for details in opened.page.locator("summary").all():
        details.click()
    wide = opened.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    assert opened.page.evaluate(
        "[...document.querySelectorAll('.scroll')].some(e => e.scrollWidth > e.clientWidth)"
    )


def test_dark_and_light_follow_the_reader(opened: Opened):
    def colours() -> list[str]:
        return opened.page.evaluate(
            "(() => { const s = getComputedStyle(document.body); return [s.backgroundColor, s.color]; })()"
        )

    opened.page.emulate_media(color_scheme="light")
    light = colours()
    opened.page.emulate_media(color_scheme="dark")
    dark = colours()
    assert light[0] != dark[0]
    assert light[1] != dark[1]


def test_print_has_no_controls_and_keeps_what_was_chosen(opened: Opened):
    slider = opened.page.locator("#figure-readout input")
    assert slider.is_visible()
    opened.page.emulate_media(media="print", color_scheme="dark")
    for control in opened.page.locator("input, summary, .about, .skip").all():
        assert not control.is_visible()
    assert opened.page.locator("#figure-readout output").is_visible()
    assert opened.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_without_javascript_the_finest_is_shown(browser: Any, address: str):
    context = browser.new_context(java_script_enabled=False)
    shown = context.new_page()
    shown.goto(address)
    figure = shown.locator("#figure-readout")
    assert figure.locator("input").is_hidden()
    assert figure.locator("output").inner_text().startswith("level 2")
    assert [choice.is_visible() for choice in figure.locator(".plate [data-choice]").all()] == [
        False,
        False,
        True,
    ]
    context.close()
