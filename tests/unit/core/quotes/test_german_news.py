"""German news passages as agencies, papers and Wikinews write them, measured; and single habits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.quotes.extract import find_quotes
from bot.core.text.prose import Prose

DATA = Path(__file__).parents[3] / "data" / "quotes"
EDGE = " ,.!?"
FOUR = 4


def read(name):
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


def spoken(text):
    """Quotes of four words or more → who is shown to have said them."""
    return {
        quote.text.strip(EDGE): quote.shown_speaker
        for quote in find_quotes(Prose(text))
        if len(quote.text.split()) >= FOUR
    }


def measure(passages):
    """Spans F1, speaker precision and recall."""
    expected = found = matched = named = right = nameable = 0
    for passage in passages:
        gold = {
            quote["text"].strip(EDGE): quote["speaker_name"] or quote["speaker_text"]
            for quote in passage["quotes"]
            if len(quote["text"].split()) >= FOUR
        }
        ours = spoken(passage["text"])
        expected += len(gold)
        found += len(ours)
        matched += len(gold.keys() & ours.keys())
        nameable += sum(who is not None for who in gold.values())
        named += sum(who is not None for who in ours.values())
        right += sum(
            who is not None and gold.get(text) is not None and who.split()[-1] in gold[text].split()
            for text, who in ours.items()
        )
    return 2 * matched / (expected + found), right / named, right / nameable


@pytest.mark.parametrize(
    "name", ["german_first", "german_second", "german_third", "german_fourth", "german_fifth"]
)
def test_german_news_reaches_its_bars(name):
    f1, precision, recall = measure(read(f"{name}.jsonl"))
    print(f"\n{name}: spans F1 {f1:.3f}, speakers P {precision:.3f}, R {recall:.3f}")
    assert f1 >= 0.97
    assert precision >= 0.97
    assert recall >= 0.85


SPOKEN = {
    "any verb after a quote": (
        "„Das wird ein langer Winter“, unkte Bäckermeister Ole Brandt.",
        "Ole Brandt",
    ),
    "an auxiliary after a quote": (
        "„Wir sind auf alles vorbereitet“, hatte Gesa Holt noch am Vortag gesagt.",
        "Gesa Holt",
    ),
    "an auxiliary and a participle that could be finite": (
        "„Ich war nicht dabei, als es geschah“, hatte Ute Varga noch im Mai beteuert.",
        "Ute Varga",
    ),
    "what somebody is": (
        "Jan Varga ist ein Mann klarer Worte. „So geht es nicht weiter“, blaffte er.",
        "Jan Varga",
    ),
    "a last name that is a body": (
        "Kommissionspräsident Jan Heer (Mitte) sagte: „So geht es nicht weiter.“",
        "Jan Heer",
    ),
    "a phrase between verb and subject": (
        "„Wir sind auf alles vorbereitet“, sagte am Montag in Kiel der Chef der Werft, Jan Varga.",
        "Jan Varga",
    ),
    "a party before the colon": ("Ute Varga (SPD): „Das reicht noch lange nicht.“", "Ute Varga"),
    "a sentence about one person before the colon": (
        "Der Abgeordnete Jan Varga hält das für überholt: „Das Geld ist längst ausgegeben.“",
        "Jan Varga",
    ),
    "whom criticism comes from": (
        "Kritik kam von Fraktionsvize Ute Varga: „Das Geld ist längst ausgegeben.“",
        "Ute Varga",
    ),
    "a verb behind its quote": (
        "Der Bund, dessen Chef Jan Varga von „einem Schritt in die Irre“ sprach, klagt.",
        "Jan Varga",
    ),
    "a quote before the verb of naming": (
        "Als „Schlag ins Gesicht der Opfer“ bezeichnete Anwalt Jan Varga das Urteil.",
        "Jan Varga",
    ),
    "these words": (
        "Mit den Worten „Wir haben nichts zu verbergen“ verteidigte Ute Varga den Einsatz.",
        "Ute Varga",
    ),
    "who is cited": (
        "Die Agentur zitierte Minister Jan Varga mit den Worten: „Wir haben alles gesehen.“",
        "Jan Varga",
    ),
    "a dash": ("„Frieden wird gemacht, nicht geschenkt.“ – Ute Varga, Forscherin", "Ute Varga"),
    "an opinion": ("Für Anwältin Ute Varga ist das „reine Symbolpolitik vor Wahlen“.", "Ute Varga"),
    "reported speech that goes on": (
        "„Das genügt uns nicht“, sagte Ute Varga. Man brauche „endlich einen festen Plan“.",
        "Ute Varga",
    ),
    "reported speech after no quote": (
        "Professorin Ute Varga mahnte eine Regel an. Ohne sie sei alles „ein Verein mit Uniform“.",
        "Ute Varga",
    ),
    "a mood before the colon": (
        "Jan Varga wütend: „Das ist eine Unverschämtheit.“ Jan Varga ist Minister.",
        "Jan Varga",
    ),
    "an office before a noble name": (
        "Petra von Holm kam. „Das ist keine Vorleistung“, sagte Ministerin von Holm.",
        "Petra von Holm",
    ),
    "a count": (
        "„Europa endet nicht hier“, sagte Graf von Holm. Karl Graf von Holm ist 40.",
        "Karl Graf von Holm",
    ),
    "several people in the present": (
        "Die Autoren der Studie sprechen von „Versagen auf der ganzen Linie“.",
        "Die Autoren der Studie",
    ),
    "a colon at the end of a paragraph": (
        "Ute Varga sprach als Letzte. Sie sagte:\n\n„Vergesst diesen Tag nicht.“",
        "Ute Varga",
    ),
    "an epithet": (
        "Generalsekretär Jan Varga blieb hart. „Wer uns testet, wird scheitern“, so der Norweger.",
        "Jan Varga",
    ),
    "a party member": (
        "Ute Varga (CDU) traf Jan Holm (SPD). „Das reicht mir noch nicht“, so der SPD-Politiker.",
        "Jan Holm",
    ),
    "a pronoun between two": (
        "Jan Varga traf Ute Holm in Riga. „Wir haben dieselben Sorgen“, sagte sie.",
        "Ute Holm",
    ),
    "a first name nobody knows": (
        "Qxil Varga (SVP) widersprach. „Das höhlt alles aus“, sagte Varga.",
        "Qxil Varga",
    ),
    "a perfect around its quote": (
        "Zuvor hatte Kanzler Jan Varga das als „letzte Chance für alle“ bezeichnet.",
        "Jan Varga",
    ),
    "a relative clause about somebody else": (
        "Ute Varga widersprach Jan Holm, der von „einem Sieg der Vernunft“ gesprochen hatte.",
        "Jan Holm",
    ),
    "whose words": (
        "Nach Vargas Worten war das „ein Schritt in die Irre“. Ute Varga trat ab.",
        "Ute Varga",
    ),
    "by whom, in a passive": (
        "Ute Varga wurde von Kanzler Jan Holm als „beste Ministerin aller Zeiten“ gelobt.",
        "Jan Holm",
    ),
    "a quote within a quote, in the same marks": (
        "„Wer „Alles ist gut“ sagt, der lügt auch sonst“, sagte Jan Varga.",
        "Jan Varga",
    ),
    "a bracket": ("„Wir bleiben hier bis zum Ende“ (Jan Varga, Minister)", "Jan Varga"),
    "a conclusion": (
        "Ute Varga kam zu dem Schluss, das sei „unausgegoren und viel zu teuer“.",
        "Ute Varga",
    ),
    "a dative pronoun": (
        "Jan Varga trat ab. Ihm zufolge war alles „lange vorher allen bekannt“.",
        "Jan Varga",
    ),
    "an editor of a marked paper": (
        "«Das war eindeutig wie nie», schrieb «Zeitblick»-Chefredakteur Jan Varga.",
        "Jan Varga",
    ),
    "two offices": (
        "„Alle Akten sind weg“, sagte der frühere Minister und heutige Lobbyist Jan Varga.",
        "Jan Varga",
    ),
    "two people": (
        "„Wir wollen alle Akten sehen“, sagten Ute Varga und Jan Holm.",
        "Ute Varga und Jan Holm",
    ),
    "an age": ("„Alle Akten sind weg“, sagte der 47 Jahre alte Jan Varga.", "Jan Varga"),
    "a headline with a fragment": (
        "Varga: Krieg wird „ein langer teurer Prozess“\n\nMinister Jan Varga sprach in Kiel.",
        "Jan Varga",
    ),
    "a headline about something": (
        "Varga zum Haushalt: „Wir sind nicht so weit“\n\nMinister Jan Varga sprach in Kiel.",
        "Jan Varga",
    ),
    "umlauts written out": (
        '"Wir muessen fuer den Ernstfall ueben", sagte Minister Joerg Kaempfer in Koeln.',
        "Joerg Kaempfer",
    ),
    "an English quote": ("„We are not here to play“, sagte Jan Varga auf Englisch.", "Jan Varga"),
}


@pytest.mark.parametrize(("text", "speaker"), SPOKEN.values(), ids=SPOKEN)
def test_german_speaker_is_found(text, speaker):
    assert set(spoken(text).values()) == {speaker}


UNCLEAR = {
    "two men": "Minister Jan Varga traf Kanzler Ole Holm. „Wir sind uns einig“, sagte er.",
    "an unnamed man on the way": (
        "Minister Jan Varga schwieg. Ein Sprecher trat vor. „Wir sind uns einig“, sagte er."
    ),
    "a spokesman of somebody": (
        "Ein Sprecher von Kanzler Ole Holm kam. „Wir sind uns einig“, sagte er."
    ),
    "a sentence about somebody else": (
        "„Wir sind uns einig“, sagte Jan Varga. Sein Anwalt ist skeptisch. „Das ist noch offen.“"
    ),
    "what stands on a sign": "Auf dem Schild stand: „Hier endet das freie Land.“",
    "a report": "Laut Medienberichten war das „lange vorher bei allen bekannt“.",
    "an agency beside a name": (
        "Jan Varga sagte der Agentur Rass zufolge, „es gibt keinen Weg zurück“."
    ),
    "a kind of text in a headline": (
        "Kommentar: „Ein schwarzer Tag für alle“\n\nMinister Jan Varga sprach am Montag in Kiel."
    ),
    "a thing": "„Wir sind uns alle einig“, lautete das Motto von Jan Varga.",
}


@pytest.mark.parametrize("text", UNCLEAR.values(), ids=UNCLEAR)
def test_german_quote_of_an_unclear_speaker_is_given_to_nobody(text):
    assert list(spoken(text).values())[-1] is None


NO_SPEECH = {
    "a paper somebody spoke to": "Jan Varga sagte dem „Blatt für Stadt und Land“ nichts davon.",
    "a work": "Im Theater läuft „Der Fall des Hauses Brenken“ bis Mai.",
    "a ship": "Das Minenjagdboot „Bad Salzungen an der Werra“ lief aus.",
    "a law": "Der Bundestag hat das „Gesetz zum Schutz der Küsten“ verabschiedet.",
    "a term": "Unter „hybrider Führung unterhalb der Schwelle“ versteht man Sabotage.",
    "what nobody would say": "Niemand würde heute „alles ist in bester Ordnung“ sagen.",
}


@pytest.mark.parametrize("text", NO_SPEECH.values(), ids=NO_SPEECH)
def test_german_name_of_a_thing_is_no_quote(text):
    assert spoken(text) == {}


def test_german_headline_takes_the_speaker_of_the_same_words_below():
    text = (
        "„Der Wald war voller Soldaten“\n\nEs war drei Uhr, als Bronisława Varga aufwachte."
        " „Der Wald war voller Soldaten, überall“, sagt die 71-Jährige."
    )
    assert set(spoken(text).values()) == {"Bronisława Varga"}
    assert len(spoken(text)) == 2


def test_german_headline_keeps_a_quote_of_nobody():
    text = "„Das war kein Unfall“ – Bericht zum Untergang\n\nDie Kommission tagte in Kiel."
    assert spoken(text) == {"Das war kein Unfall": None}


def test_german_speakers_who_share_a_verb_have_each_their_own_quote():
    text = (
        "Ute Varga sprach von einem „Tag der Schande für alle“, Jan Holm hingegen von einem"
        " „Sieg der Vernunft für alle“."
    )
    assert spoken(text) == {
        "Tag der Schande für alle": "Ute Varga",
        "Sieg der Vernunft für alle": "Jan Holm",
    }


def test_german_confidant_is_not_whom_he_belongs_to():
    text = "Ein enger Vertrauter Jan Holms sagte: „Das ist unausgegoren und zu teuer.“"
    assert list(spoken(text).values()) == ["Ein enger Vertrauter Jan Holms"]


WORDS = (
    "„ “ » « , . : - ( ) der die des ein ihr 47 Jahre alte a D und von zu wie hat hatte gesagt "
    "sagte sprachen wurde sei laut zufolge nach Worten für ist heißt es aus Jan Varga Ute "
    "Minister Graf Ministerin Vargas CDU nannte bleiben"
)
PIECES = st.sampled_from([*WORDS.split(), "„Wir bleiben hier“", "\n\n"])


@given(st.lists(PIECES, max_size=40).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_german_words_in_any_order_raise_nothing(text):
    german = f"Das ist nicht der Fall und sie sagte es. {text}"
    for quote in find_quotes(Prose(german)):
        assert quote.span.of(german) == quote.text


def test_german_year_ends_a_sentence_and_a_day_does_not():
    text = "Es gilt bis 2032. „Wir sind bereit, wenn nötig“, sagte Jan Varga am 3. Mai 2031."
    assert spoken(text) == {"Wir sind bereit, wenn nötig": "Jan Varga"}
