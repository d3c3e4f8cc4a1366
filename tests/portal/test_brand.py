"""The administration's colour may be any; what is written in it or on it can be read."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from portal import brand

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(COLOURS)
def test_shades_are_readable_whatever_the_colour(colour: str) -> None:
    shade = {name: brand.parse(value) for name, value in brand.colours(colour).items()}
    assert brand.contrast(shade["brand_link"], shade["brand_tint"]) >= 4.5
    assert brand.contrast(shade["brand_link_hover"], shade["brand_tint"]) >= 4.5
    assert brand.contrast(shade["brand_fill"], brand.WHITE) >= 4.5
    assert brand.contrast(shade["brand_fill_hover"], brand.WHITE) >= 4.5
    assert brand.contrast(shade["brand_night"], brand.NIGHT) >= 4.5


def test_contrast_is_that_of_the_guidelines() -> None:
    assert brand.contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert brand.contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("wrong", ["blue", "#12345", "#1f4e79;}", "1f4e79", ""])
def test_colour_is_refused_when_it_is_none(wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="BRAND_COLOUR"):
        brand.parse(wrong)


def test_stylesheet_may_be_kept_for_ever(client) -> None:
    answer = client.get(brand.addresses()["css"])
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    assert b"--brand: #1f4e79" in answer.content


def test_stylesheet_has_another_address_in_another_colour(client, settings) -> None:
    before = brand.addresses()["css"]
    settings.BRAND = {**settings.BRAND, "colour": "#7a1f4e"}
    assert brand.addresses()["css"] != before
    assert client.get(before).status_code == 404
    assert b"--brand: #7a1f4e" in client.get(brand.addresses()["css"]).content


def test_icon_is_drawn_in_the_colour(client) -> None:
    answer = client.get(brand.addresses()["icon"])
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert b"#1f4e79" in answer.content


def test_stylesheet_of_a_guessed_address_is_not_there(client) -> None:
    assert client.get(reverse("brand_css", args=["0" * 12])).status_code == 404
