import pytest
from django.core.exceptions import ImproperlyConfigured

from lms import environment


def test_an_empty_variable_counts_as_none(monkeypatch):
    monkeypatch.setenv("WORD", "  ")
    assert environment.text("WORD", "default") == "default"
    assert environment.number("WORD", 7) == 7
    assert environment.flag("WORD", True) is True
    assert environment.listed("WORD", ("a",)) == ["a"]


@pytest.mark.parametrize(("written", "meant"), [("1", True), ("Yes", True), ("off", False)])
def test_a_flag_is_written_in_several_ways(monkeypatch, written, meant):
    monkeypatch.setenv("WORD", written)
    assert environment.flag("WORD", not meant) is meant


def test_what_is_neither_yes_nor_no_is_refused(monkeypatch):
    monkeypatch.setenv("WORD", "maybe")
    with pytest.raises(ImproperlyConfigured, match="WORD must be 1 or 0, not 'maybe'"):
        environment.flag("WORD")


def test_what_is_not_a_number_is_refused(monkeypatch):
    monkeypatch.setenv("WORD", "ten")
    with pytest.raises(ImproperlyConfigured, match="WORD must be a whole number, not 'ten'"):
        environment.number("WORD", 1)


def test_a_list_is_separated_by_commas(monkeypatch):
    monkeypatch.setenv("WORD", "a, b,,c ")
    assert environment.listed("WORD") == ["a", "b", "c"]


def test_a_mail_address_with_everything():
    assert environment.mail("smtp://me%40here:p%2Fw@mail.example.org:587/?tls=1") == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "mail.example.org",
        "EMAIL_PORT": 587,
        "EMAIL_HOST_USER": "me@here",
        "EMAIL_HOST_PASSWORD": "p/w",
        "EMAIL_USE_SSL": False,
        "EMAIL_USE_TLS": True,
        "EMAIL_TIMEOUT": 20,
    }


def test_a_mail_address_over_tls_has_its_own_port():
    settings = environment.mail("smtps://mail.example.org")
    assert (settings["EMAIL_PORT"], settings["EMAIL_USE_SSL"]) == (465, True)


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://"])
def test_a_mail_address_of_another_kind_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL must look like"):
        environment.mail(url)


@pytest.mark.parametrize(
    "url", ["", "tcp://scanner:3310", "tcp://127.0.0.1", "unix:///run/clamav/clamd.ctl"]
)
def test_a_scanner_has_an_address_on_the_network_or_the_machine(monkeypatch, url):
    monkeypatch.setenv("WORD", url)
    assert environment.scanner("WORD") == url


@pytest.mark.parametrize("url", ["scanner:3310", "http://scanner", "tcp://", "unix://", "/run/a"])
def test_an_address_at_which_no_scanner_can_be_is_refused(monkeypatch, url):
    monkeypatch.setenv("WORD", url)
    with pytest.raises(ImproperlyConfigured, match="WORD must look like tcp://host:3310"):
        environment.scanner("WORD")
