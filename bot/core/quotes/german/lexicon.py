"""Word lists of reported speech in German: cues, roles, bodies."""

from __future__ import annotations

#: Weak verbs of saying by their stem: sagte, sagten, sagt.
_STEMS = (
    "sag erklär beton mein berichte warn forder erzähl antworte frag kritisier versicher behaupte "
    "bestätig dementier äußer bekräftig verkünde resümier ergänz erläuter entgegne erwider "
    "twitter poste klag monier mahn appellier verlang droh prognostizier vermute hoff scherz "
    "spotte urteil konstatier argumentier begründe schilder unterstell lob würdig jubel "
    "schimpf witzel fluch stichel analysier bilanzier präzisier signalisier empfahl "
    "sagte dräng rechtfertig bemerk bedauer sorg wunder freu ärger folger beteuer plädier "
    "rüg tadel flüster gesteh empör notier kommentier informier unk mutmaß"
).split()
_STRONG = (
    "schrieb schrieben schreibt schreiben rief riefen ruft unterstrich unterstreicht versprach "
    "versprechen verspricht befand fand sprach spricht sprachen schloss schließt riet rät gestand "
    "widersprach widerspricht wusste weiß verriet verrät sagen empfiehlt empfahl las schwor"
).split()


def _forms(stem: str) -> tuple[str, ...]:
    if stem.endswith("e"):
        return (stem + "te", stem + "ten", stem + "t", stem + "n")
    return (stem + "te", stem + "ten", stem + "t")


#: Cues that may stand after a quote, before the speaker.
SAY = frozenset(form for stem in _STEMS for form in _forms(stem)) | frozenset(_STRONG)
#: Verbs that speak only together with a word further on: teilte … mit.
SEPARABLE = {
    "teilte": "mit",
    "teilten": "mit",
    "teilt": "mit",
    "kündigte": "an",
    "kündigten": "an",
    "kündigt": "an",
    "fügte": "hinzu",
    "fügten": "hinzu",
    "fügt": "hinzu",
    "räumte": "ein",
    "räumt": "ein",
    "gab": "zu",
    "gibt": "zu",
    "stellte": "klar",
    "stellt": "klar",
    "hob": "hervor",
    "hebt": "hervor",
    "führte": "aus",
    "führt": "aus",
    "setzte": "nach",
    "legte": "nach",
    "legt": "nach",
    "hielt": "fest",
    "hält": "fest",
    "merkte": "an",
    "merkt": "an",
    "pflichtete": "bei",
    "stimmte": "zu",
    "wandte": "ein",
    "wendet": "ein",
    "gestand": "ein",
    "bot": "an",
}
#: Verbs of naming and judging: they take a fragment after them.
JUDGE = frozenset(
    "nannte nannten nennt nennen bezeichnete bezeichneten bezeichnet kritisierte kritisiert "
    "verurteilte verurteilt beschrieb beschreibt begrüßte begrüßt lobte lobt würdigte würdigt "
    "warf wirft wies sprach spricht sprachen lehnte wertete geißelte beklagte beklagt rügte "
    "verspottete verhöhnte charakterisierte tat".split()
)
#: Participles that follow hat or hatte.
PARTICIPLES = frozenset(
    "gesagt erklärt betont gemeint gewarnt gefordert geschrieben angekündigt mitgeteilt bezeichnet "
    "genannt versichert bekräftigt kritisiert gesprochen versprochen berichtet".split()
)
HAVE = frozenset("hat hatte haben hatten habe".split())
#: Words before the source of a quote: laut dem Minister, so der Minister.
SOURCE_BEFORE = frozenset(("laut", "so"))

PRONOUNS = {"er": "he", "sie": "she"}
NOBODY = frozenset("niemand keiner".split())
ARTICLES = frozenset(
    "der die das dem den des ein eine einem einen einer eines sein seine seiner seinem ihr ihre "
    "ihrer ihrem unser unsere dieser diese dieses zwei drei mehrere viele einige".split()
)
#: Articles of somebody the text need not have named before.
INDEFINITE = frozenset("ein eine einem einen einer eines zwei drei mehrere viele einige".split())
PARTICLES = frozenset("von van der den de zu zum vom del di al el ten ter la le du".split())
#: Small words that may stand between a subject and its verb.
ADVERBS = frozenset(
    "selbst dann auch jedoch aber zudem später nun jetzt daraufhin weiter schon noch nur gestern "
    "heute bereits einmal erneut am montag dienstag mittwoch donnerstag freitag samstag sonnabend "
    "sonntag abend morgen mittag sich dazu darauf hingegen dagegen gleichzeitig zugleich".split()
)
#: Words that open a sentence before its subject without taking the subject's place.
OPENERS = frozenset("und aber doch denn auch nur sondern".split())
#: Capitalised words no name holds.
NO_NAMES = frozenset(
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar märz "
    "april mai juni juli august september oktober november dezember morgen abend mittag uhr "
    "anfang ende mitte jahr woche tag stunden gespräch interview angaben worten rede brief "
    "er sie es wir ich ihr man wer was wie wenn weil dass ob die der das ein eine in im am an auf "
    "mit nach bei von zu für aus um seit vor laut so dies diese dieser doch aber und denn zur zum "
    "trotzdem allerdings zudem außerdem dennoch jedoch schließlich zuvor danach später gestern "
    "heute gleichzeitig deshalb daher darum stattdessen insgesamt bisher inzwischen unterdessen "
    "weiterhin ferner kürzlich zuletzt anschließend daraufhin gegenüber erst bereits hier dort "
    "konkret wörtlich offiziell zugleich wiederum dagegen hingegen besonders vielmehr nur immer "
    "weiter zunächst bislang einerseits andererseits tatsächlich dann jetzt nun manche einige "
    "jeder jede jedes einer eine eines letztlich endlich erneut damals seitdem seither ebenso "
    "ähnlich unter über gegen ohne durch während trotz wegen statt neben zwischen "
    "nichts niemand alle viele damit dabei dazu auch noch schon da dann".split()
)
#: Endings of nouns that say what somebody is.
_ROLES = (
    "minister ministerin präsident präsidentin kanzler kanzlerin chef chefin sprecher sprecherin "
    "sekretär sekretärin leiter leiterin vorsitzende vorsitzender vorsitzenden politiker "
    "politikerin experte expertin experten beauftragte beauftragter beauftragten general "
    "admiral oberst botschafter botschafterin kommissar kommissarin direktor direktorin "
    "professor professorin meister meisterin rat rätin abgeordnete abgeordneter abgeordneten "
    "analyst analystin analysten forscher forscherin führer führerin kandidat kandidatin "
    "kandidaten anwalt anwältin richter richterin ökonom ökonomin ökonomen historiker "
    "historikerin unterhändler unterhändlerin kommandeur kommandeurin inspekteur inspekteurin "
    "senator senatorin premier könig königin papst bischof trainer trainerin vertreter "
    "vertreterin mitglied diplomat diplomatin diplomaten offizier offizierin soldat soldatin "
    "soldaten frau herr dr prof doktor manager managerin unternehmer unternehmerin autor autorin "
    "journalist journalistin journalisten ärztin arzt lehrer lehrerin bewohner bewohnerin "
    "augenzeuge augenzeugin zeuge zeugin beamter beamtin beamte kollege kollegin kollegen "
    "gründer gründerin wissenschaftler wissenschaftlerin hauptmann feldwebel leutnant major "
    "geschäftsführer geschäftsführerin vize staatssekretär koordinator koordinatorin berater "
    "beraterin wirt wirtin bauer bäuerin landwirt landwirtin händler händlerin nachfolger "
    "nachfolgerin vorgänger vorgängerin stellvertreter stellvertreterin präses vorstand mann "
    "obmann obfrau landrat landrätin aktivist aktivistin bürger bürgerin mutter vater sohn "
    "tochter bruder schwester gouverneur gouverneurin wähler wählerin insider".split()
)
_ROLE_SET = frozenset(_ROLES)
#: Roles that many last names end in: Brinkmann, Neubauer, Burmeister.
_IN_SURNAMES = frozenset(
    "mann bauer wirt meister richter könig vater sohn bruder mutter arzt major vize frau herr prof "
    "rat papst".split()
)
_LONG_ROLES = (
    *(role for role in _ROLES if len(role) > 3 and role not in _IN_SURNAMES),
    *"bürgermeister hauptmann obmann".split(),
)
#: Endings of nouns that name a body.
_BODIES = (
    "ministerium amt behörde polizei regierung partei verband kommission rat gericht "
    "staatsanwaltschaft agentur fraktion verwaltung armee marine bundeswehr heer luftwaffe "
    "unternehmen konzern gewerkschaft universität institut bank kirche gesellschaft stiftung "
    "organisation parlament bündnis zeitung sender büro zentrum präsidium kanzlei haus "
    "feuerwehr generalstab botschaft kreml nato eu uno cdu csu spd fdp afd grünen linke dpa afp "
    "reuters ap ard zdf".split()
)
_BODY_SET = frozenset(_BODIES)
_LONG_BODIES = tuple(body for body in _BODIES if len(body) > 4)


def is_role(word: str) -> bool:
    """Whether a noun, in any case, says what somebody is: Verteidigungsministerin, Nato-Chef."""
    lower = word.lower().rstrip(".")
    if lower.endswith("rat") and len(lower) > 4:
        return lower.endswith(("bundesrat", "stadtrat", "landrat", "regierungsrat"))
    last = lower.rsplit("-", 1)[-1]
    return last in _ROLE_SET or lower.endswith(_LONG_ROLES)


def is_body(word: str) -> bool:
    """Whether a noun, in any case, names a body: Verkehrsministerium, Polizei, CDU."""
    lower = word.lower()
    last = lower.rsplit("-", 1)[-1]
    return (
        last in _BODY_SET
        or lower.endswith(_LONG_BODIES)
        or lower.endswith(tuple(body + "s" for body in _LONG_BODIES))
        or (word.isupper() and len(word) > 1)
    )


def is_female(role: str) -> bool:
    """Whether a role says that its holder is a woman."""
    return role.lower() == "frau" or role.lower().endswith(("in", "rätin", "ärztin", "frau"))
