"""How names are stored so that they are found and sorted alike everywhere."""

import pytest

from learners.names import folded, initials, sort_name


@pytest.mark.parametrize(
    ("name", "found_by"),
    [
        ("Zoë  ÇELIK", "zoe celik"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Đặng Văn Lâm", "dang van lam"),
        ("Þórdís Jónsdóttir", "thordis jonsdottir"),
        ("Büşra Yıldız", "busra yildiz"),
        ("İbrahim Çağlayan", "ibrahim caglayan"),
        ("Straße", "strasse"),
        ("王小明", "王小明"),
    ],
)
def test_folded_is_what_somebody_types(name, found_by):
    assert folded(name) == found_by


@pytest.mark.parametrize(
    ("name", "sorted_as"),
    [
        ("Emma Van den Broeck", "van den broeck, emma"),
        ("Hendrik-Jan van 't Hoff", "van 't hoff, hendrik-jan"),
        ("Thi Mai Nguyen", "nguyen, thi mai"),
        ("Suryani", "suryani"),
        ("", ""),
    ],
)
def test_sort_name_begins_with_the_family_name_and_its_particles(name, sorted_as):
    assert sort_name(name) == sorted_as


@pytest.mark.parametrize(
    ("name", "letters"), [("Sanne Vermeulen", "SV"), ("Suryani", "S"), ("王小明", "王")]
)
def test_initials_are_one_or_two_letters(name, letters):
    assert initials(name) == letters
