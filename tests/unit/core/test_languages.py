"""The language of a text that does not say."""

from __future__ import annotations

import pytest

from bot.core.text.languages import LEAST, language_of

TEXTS = {
    "en": "The ferry that has been waiting for spring will not sail before May, said the chair of "
    "the harbour council after a meeting of four hours. The crew had asked for a date in March, "
    "when the ice is usually gone from the channel in the east.",
    "fr": "Le bac qui attend le printemps ne partira pas avant le mois de mai, a déclaré la "
    "présidente du conseil du port après une réunion de quatre heures. L'équipage avait demandé "
    "une date en mars, quand la glace a disparu du chenal.",
    "uk": "Пором, який чекає на весну, не вирушить раніше травня, сказала голова портової ради "
    "після чотиригодинної зустрічі. Екіпаж просив призначити дату в березні, коли крига зазвичай "
    "уже сходить зі східного каналу, але рада відмовила.",
    "ru": "Паром, который ждёт весны, не отправится раньше мая, сказала глава совета порта после "
    "четырёхчасового совещания. Экипаж просил назначить дату в марте, когда лёд обычно уже сходит "
    "с восточного канала, но совет отказал.",
    "no": "Fergen som har ventet på våren, seiler ikke før i mai, sa lederen av havnerådet etter "
    "et møte som varte i fire timer. Mannskapet hadde bedt om en dato i mars, når isen vanligvis "
    "er borte fra leden i øst, men rådet sa nei til det.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_it_tells_the_language_of_a_paragraph(language):
    assert language_of(TEXTS[language], said=None) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The ferry waits.",
        TEXTS["en"][: LEAST - 20],
        "1,234 5,678 " * 40,
        "https://a.example " * 40,
    ],
    ids=["nothing", "a headline", "a teaser", "figures", "addresses"],
)
def test_it_does_not_guess_from_too_little(text):
    assert language_of(text, said=None) is None


LONG = {language: " ".join((text,) * 3) for language, text in TEXTS.items()}


@pytest.mark.parametrize(
    ("text", "said", "language"),
    [
        (LONG["uk"], None, "uk"),
        (LONG["uk"], "en", "uk"),  # the default of the publisher's software
        (LONG["fr"], "en", "fr"),
        (LONG["en"], "uk", "en"),
        (LONG["no"], "da", "da"),  # neighbours: who says so knows better
        (TEXTS["fr"], "en", "en"),  # too short to contradict anybody
        (TEXTS["fr"], None, "fr"),
        ("The ferry waits.", "en", "en"),
        ("Пором чекає на весну.", "en", None),  # whatever it is
        ("Пором чекає на весну.", "uk", "uk"),
        ("1,234", "de", "de"),
        ("", None, None),
    ],
)
def test_language_of_a_text_is_what_was_said_unless_a_long_text_tells_otherwise(
    text, said, language
):
    assert language_of(text, said=said) == language
