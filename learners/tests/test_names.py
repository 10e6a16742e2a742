"""Names and addresses as they are stored, sorted and searched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learners.models import User
from learners.names import cleaned, folded, initials, normalised_email, sort_name
from learners.tests.factories import UserFactory


@pytest.mark.parametrize(
    ("name", "sorted_as"),
    [
        ("Emma Van den Broeck", "van den broeck, emma"),
        ("Thi Mai Nguyen", "nguyen, thi mai"),
        ("Jan de Vries", "de vries, jan"),
        ("Zoë Çelik", "celik, zoe"),
        ("Cher", "cher"),
        ("", ""),
    ],
)
def test_people_are_sorted_by_their_family_name_with_its_particles(name, sorted_as):
    assert sort_name(name) == sorted_as


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert folded(folded(text)) == folded(text)


@given(st.text())
def test_an_address_is_normalised_once_and_for_all(text):
    assert normalised_email(normalised_email(text)) == normalised_email(text)


@given(st.text())
def test_every_name_has_a_sort_name_and_initials_that_do_not_fail(text):
    assert sort_name(text) == sort_name(" ".join(text.split()))
    assert len(initials(text)) <= 6


@pytest.mark.parametrize(
    ("name", "letters"), [("Sanne Verhoeven", "SV"), ("Cher", "C"), ("Jan van der Berg", "JB")]
)
def test_initials_are_the_first_letters_of_the_first_and_last_word(name, letters):
    assert initials(name) == letters


@pytest.mark.django_db
def test_somebody_is_found_without_accents_in_any_order():
    zoe = UserFactory(name="Zoë Çelik", email="Zoe@Example.org")
    for text in ("zoe", "CELIK zo", "çel", "zoe@ex"):
        assert list(User.objects.matching(text)) == [zoe]
    assert not User.objects.matching("jan").exists()


@pytest.mark.django_db
def test_an_address_is_stored_normalised_and_known_whatever_its_case():
    user = UserFactory(email="  Zoe@Example.ORG ")
    assert user.email == "zoe@example.org"
    assert User.objects.get_by_natural_key("ZOE@example.org") == user


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Noor\r\nBcc: all@example.org", "Noor Bcc: all@example.org"),
        ("  Noor \t Janssens ", "Noor Janssens"),
        ("Noor\u202egpj.exe", "Noorgpj.exe"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Zoë\x07", "Zoë"),
    ],
)
def test_a_name_stands_on_one_line_and_in_its_own_direction(typed, kept):
    assert cleaned(typed) == kept
