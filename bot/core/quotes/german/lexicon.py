"""Word lists of reported speech in German: cues, and the small words around them."""

from __future__ import annotations

#: Weak verbs of saying by their stem: sagte, sagten, sagt.
_STEMS = (
    "sag erklär beton mein berichte warn forder erzähl antworte frag kritisier versicher behaupte "
    "bestätig dementier äußer bekräftig verkünde resümier ergänz erläuter entgegne erwider "
    "twitter poste klag monier mahn appellier verlang droh prognostizier vermute hoff scherz "
    "spotte urteil konstatier argumentier begründe schilder unterstell lob würdig jubel "
    "schimpf witzel fluch stichel analysier bilanzier präzisier signalisier dräng rechtfertig "
    "bemerk bedauer sorg wunder freu ärger folger beteuer plädier rüg tadel flüster gesteh empör "
    "notier kommentier informier unk mutmaß beklag beschwer bezweifel zweifel befürchte prophezei "
    "höhn ätz polter konter schwärm seufz brüll vermelde beschwör unterstreich versprich "
    "beantworte rechne reagier raun wetter dank gratulier garantier glaub ahn beschuldig "
    "verteidig mitteil formulier bitte vermerk verweiger rät ruf äusser erinner "
    "befind konzedier attestier bescheinig skizzier umschrieb relativier beschwichtig lenk "
    "referier philosophier zürn pocht mitzuteil maul zisch versetz hak ermahn schreib bedank"
).split()
_STRONG = (
    "schrieb schrieben schreibt schreiben rief riefen ruft unterstrich unterstreicht versprach "
    "versprechen verspricht befand fand findet finden sprach spricht sprachen schloss schließt "
    "riet rät gestand widersprach widerspricht wusste weiß verriet verrät sagen empfiehlt empfahl "
    "las schwor schrie verwies verweist bat bittet warb wirbt gab meldete meldet meldeten dachte "
    "denkt gestanden gesteht mitteilte mitteilten mitteilt hinzufügte hinzufügten ankündigte "
    "ankündigten klarstellte einräumte einräumten hervorhob ausführte zugab anmerkte festhielt "
    "bekanntgab feststellte ausdrückte vorwarf darlegte deutlichmachte nachlegte mahnte"
).split()


def _forms(stem: str) -> tuple[str, ...]:
    if stem.endswith("e"):
        return (stem + "te", stem + "ten", stem + "t", stem + "n")
    plural = stem + ("n" if stem.endswith(("er", "el")) else "en")
    return (stem + "te", stem + "ten", stem + "t", plural)


#: Cues that may stand after a quote, before the speaker.
SAY = frozenset(form for stem in _STEMS for form in _forms(stem)) | frozenset(_STRONG)
_PARTS = {
    "teilen": "mit",
    "kündigen": "an",
    "fügen": "hinzu an",
    "räumen": "ein",
    "geben": "zu an bekannt bedenken protokoll verstehen überzeugt optimistisch zuversichtlich "
    "entschlossen unbeeindruckt kämpferisch selbstkritisch gelassen verhalten",
    "stellen": "klar fest dar aussicht heraus",
    "heben": "hervor",
    "führen": "aus an",
    "setzen": "nach hinzu fort",
    "legen": "nach dar",
    "halten": "fest dagegen entgegen vor",
    "merken": "an",
    "pflichten": "bei",
    "stimmen": "zu ein",
    "wenden": "ein",
    "gestehen": "ein",
    "bieten": "an",
    "werfen": "vor ein",
    "machen": "deutlich klar geltend luft",
    "weisen": "hin zurück",
    "fahren": "fort",
    "deuten": "an",
    "prangern": "an",
    "mahnen": "an",
    "rufen": "zu auf zurück",
    "schieben": "nach hinterher",
    "lassen": "wissen verlauten mitteilen ausrichten verbreiten durchblicken",
    "schließen": "aus",
    "lehnen": "ab",
    "drücken": "aus",
    "fassen": "zusammen",
    "sprechen": "aus",
    "zeigen": "überzeugt besorgt enttäuscht erleichtert zuversichtlich entsetzt erfreut "
    "zufrieden verwundert skeptisch überrascht empört irritiert bestürzt optimistisch "
    "unbeeindruckt verärgert erschüttert offen tief",
    "wollen": "wissen",
    "rechnen": "vor",
    "klagen": "an",
    "springen": "bei",
    "zeichnen": "nach",
    "nehmen": "schutz vorweg",
    "treten": "entgegen",
    "reden": "ins",
    "äußern": "sich",
    "sein": "überzeugt sicher meinung ansicht auffassung überzeugung",
    "kommen": "schluss ergebnis fazit",
}
_INFLECTED = {
    "teilen": "teilte teilten teilt",
    "kündigen": "kündigte kündigten kündigt",
    "fügen": "fügte fügten fügt",
    "räumen": "räumte räumten räumt",
    "geben": "gab gaben gibt",
    "stellen": "stellte stellten stellt",
    "heben": "hob hoben hebt",
    "führen": "führte führten führt",
    "setzen": "setzte setzten setzt",
    "legen": "legte legten legt",
    "halten": "hielt hielten hält",
    "merken": "merkte merkten merkt",
    "pflichten": "pflichtete pflichteten pflichtet",
    "stimmen": "stimmte stimmten stimmt",
    "wenden": "wandte wandten wendet wendete",
    "gestehen": "gestand gestanden gesteht",
    "bieten": "bot boten bietet",
    "werfen": "warf warfen wirft",
    "machen": "machte machten macht",
    "weisen": "wies wiesen weist",
    "fahren": "fuhr fährt",
    "deuten": "deutete deuteten deutet",
    "prangern": "prangerte prangerten prangert",
    "mahnen": "mahnte mahnten mahnt",
    "rufen": "rief riefen ruft",
    "schieben": "schob schiebt",
    "lassen": "ließ ließen lässt liess",
    "schließen": "schloss schlossen schließt",
    "lehnen": "lehnte lehnten lehnt",
    "drücken": "drückte drückten drückt",
    "fassen": "fasste fasst",
    "sprechen": "sprach spricht",
    "zeigen": "zeigte zeigten zeigt",
    "wollen": "wollte wollten will",
    "rechnen": "rechnete rechnet",
    "klagen": "klagte klagt",
    "springen": "sprang",
    "zeichnen": "zeichnete",
    "nehmen": "nahm nimmt",
    "treten": "trat tritt",
    "reden": "redete",
    "äußern": "äußerte",
    "sein": "ist war",
    "kommen": "kam kommt kamen",
}
#: Verbs that speak only together with a word further on: teilte … mit.
SEPARABLE = {
    form: frozenset(_PARTS[verb].split())
    for verb, forms in _INFLECTED.items()
    for form in forms.split()
}
#: Verbs of naming and judging: they take a fragment after them.
JUDGE = frozenset(
    "nannte nannten nennt nennen sprechen bezeichnete bezeichneten bezeichnet kritisierte "
    "kritisiert verurteilte verurteilten verurteilt beschrieb beschreibt begrüßte begrüßten "
    "begrüßt lobte lobt würdigte würdigt warf wirft wies sprach spricht sprachen lehnte wertete "
    "wertet geißelte beklagte beklagt rügte verspottete verhöhnte charakterisierte tat sah sieht "
    "sahen hielt hält erwartete erwartet vermisste vermisst versprach verspricht titulierte "
    "brandmarkte räumte kündigte pries feierte bewertete bewertet stufte erkannte erkennt ortete "
    "ortet schmähte verunglimpfte abtat zurückwies nannten machte".split()
)
#: Verbs that do much else than speak: no thing speaks by them.
NEEDS_PERSON = JUDGE | frozenset(
    "findet finden fand befand las gab meldete meldet weiß wusste rief ruft bat bittet warb wirbt "
    "schließt schloss spricht sprach dachte denkt verwies verweist verrät verriet freute freut "
    "dankte dankt hofft hoffte droht drohte zweifelt sorgt sorgte wundert ärgert rechnet rechnete "
    "lenkt lenkte erinnert erinnerte glaubt verteidigt verteidigte".split()
)
#: Words that open a clause whose verb comes last.
SUBORDINATE = frozenset(
    "obwohl während weil nachdem da als wenn dass ob bevor sodass indem wie wonach obgleich".split()
)
#: Participles that follow hat or hatte.
PARTICIPLES = frozenset(
    "gesagt erklärt betont gemeint gewarnt gefordert geschrieben angekündigt mitgeteilt bezeichnet "
    "genannt versichert bekräftigt kritisiert gesprochen versprochen berichtet beklagt behauptet "
    "bestätigt geantwortet eingeräumt hinzugefügt verlangt gedroht gerufen vorgeworfen verkündet "
    "gelobt gewürdigt verurteilt begrüßt beschrieben gewertet gefeiert gerügt getadelt abgetan "
    "geäußert zurückgewiesen klargestellt dementiert".split()
)
PASSIVE = frozenset("wird werden wurde wurden".split())
HAVE = frozenset("hat hatte haben hatten habe".split())
#: Words before the source of a quote: laut dem Minister, so der Minister.
SOURCE_BEFORE = frozenset(("laut", "so"))
#: Nach Angaben von Holm; aus Sicht des Ministers; nach Ansicht der Ministerin.
SOURCE_NOUNS = frozenset(
    "angaben worten aussage aussagen einschätzung ansicht meinung auffassung überzeugung "
    "darstellung sicht informationen berechnungen erkenntnissen lesart urteil".split()
)
#: Verbs that tell what stands somewhere, or what a thing is; nobody speaks.
NOT_SPEAKING = frozenset(
    "heißt hieß heisst hiess steht stand standen stehen lautet lautete lauteten ist war waren sind "
    "sei wird wurde wurden werden kann konnte soll sollte muss musste darf durfte hat hatte hatten "
    "gilt galt läuft lief liegt lag geht ging kommt kam gibt stammt stammte zitiert zitierte "
    "zitieren zitierten prangt prangte trägt trug erscheint erschien kostet kostete bleibt blieb "
    "tritt trat nicht mit seit bereits damit jetzt selbst erst zuletzt zumindest".split()
)
#: What announces the very words: mit den Worten „…“ verteidigte Holm …
WORDS_BEFORE = frozenset("worten satz aufruf hinweis argument begründung appell ausruf".split())
#: Reported speech in the subjunctive, as it goes on after its speaker was named.
SUBJUNCTIVE = frozenset(
    "sei seien habe werde könne müsse dürfe solle wolle möge gebe brauche bleibe gehe stehe komme "
    "lasse wisse liege führe mache tue sehe halte nehme finde zeige bedeute gehöre drohe fehle "
    "verdiene bringe hätten müssten dürften wären bräuchten".split()
)

PRONOUNS = {"er": "he", "sie": "she"}
DATIVE_PRONOUNS = {"ihm": "he", "ihr": "she"}
POSSESSIVE_PRONOUNS = {"seinen": "he", "seiner": "he", "ihren": "she", "ihrer": "she"}
NOBODY = frozenset("niemand keiner".split())
ARTICLES = frozenset(
    "der die das dem den des ein eine einem einen einer eines sein seine seiner seinem seinen ihr "
    "ihre ihrer ihrem ihren unser unsere dieser diese dieses dessen deren zwei drei mehrere viele "
    "einige".split()
)
#: Articles that no subject has.
OBLIQUE = frozenset("dem den des einem einen seinem seinen ihrem ihren".split())
#: Articles of somebody the text need not have named before.
INDEFINITE = frozenset("ein eine einem einen einer eines zwei drei mehrere viele einige".split())
OWNED = frozenset("sein seine seiner ihr ihre ihrer dessen deren unser unsere".split())
PARTICLES = frozenset("von van zu zum zur vom del di al el ten ter la le du de da dos".split())
#: Small words between a particle and a name: von der Heide.
AFTER_PARTICLE = frozenset("der den dem und la zu".split())
_DAYS = "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag abend morgen mittag "
#: Small words that may stand between a subject and its verb.
ADVERBS = frozenset(
    "selbst dann auch jedoch aber zudem später nun jetzt daraufhin weiter schon noch nur gestern "
    "heute bereits einmal erneut am sich dazu darauf hingegen dagegen gleichzeitig zugleich ihm "
    "ihnen mir uns es ebenfalls wörtlich hierzu wiederum allerdings abschließend anschließend "
    "unterdessen schließlich danach zuvor derweil außerdem indes indessen dabei damals hier dort "
    "vorab sogar nachmittag vormittag montagabend dienstagabend mittwochabend donnerstagabend "
    "freitagabend samstagabend sonntagabend tags darauf ferner letztlich offen deutlich".split()
) | frozenset(_DAYS.split())
#: What may open a phrase between a verb and its subject: sagte in Berlin der Minister.
PREPOSITIONS = frozenset(
    "in im am an auf bei beim vor nach gegenüber während mit zu zum zur über für aus unter um "
    "gegen ohne durch trotz wegen seit von vom bis neben zwischen anlässlich".split()
)
#: Words that open a sentence before its subject without taking the subject's place.
OPENERS = frozenset("und aber doch denn auch nur sondern".split())
#: Capitalised words no name holds.
NO_NAMES = frozenset(
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar märz "
    "april mai juni juli august september oktober november dezember morgen abend mittag uhr "
    "anfang ende mitte jahr woche tag stunden gespräch interview angaben worten rede brief er sie "
    "es wir ich ihr man wer was wie wenn weil dass ob die der das ein eine in im am an auf mit "
    "nach bei von zu für aus um seit vor laut so dies diese dieser doch aber und denn zur zum "
    "trotzdem allerdings zudem außerdem dennoch jedoch schließlich zuvor danach später gestern "
    "heute gleichzeitig deshalb daher darum stattdessen insgesamt bisher inzwischen unterdessen "
    "weiterhin ferner kürzlich zuletzt anschließend daraufhin gegenüber erst bereits hier dort "
    "konkret wörtlich offiziell zugleich wiederum dagegen hingegen besonders vielmehr nur immer "
    "weiter zunächst bislang einerseits andererseits tatsächlich dann jetzt nun manche einige "
    "jeder jede jedes einer eine eines letztlich endlich erneut damals seitdem seither ebenso "
    "ähnlich unter über gegen ohne durch während trotz wegen statt neben zwischen nichts niemand "
    "alle viele damit dabei dazu auch noch schon da dann ganz sehr als bis beim vom zwar wo wann "
    "warum wieso weshalb welche welcher welches dem den des sein seine ihre beide beiden mehr "
    "mehrere keine kein keiner selbst nachdem bevor obwohl sollte hätte wäre demnach derweil "
    "indes zumal falls sobald solange sowie sowohl entweder weder vermutlich offenbar angeblich "
    "möglicherweise vielleicht natürlich leider immerhin scharfe neue draußen drinnen oben unten "
    "links rechts überall nirgends nebenan daheim davor dahinter darunter darüber daneben dadurch "
    "dafür dagegen dahin daran darauf daraus darin davon deswegen folglich somit also sonst "
    "ansonsten andernfalls vorher nachher vorerst gleich sofort bald plötzlich häufig manchmal "
    "meist oftmals selten niemals nie stets ständig dauernd wieder wiederholt mehrfach mehrmals "
    "zweimal knapp rund etwa circa fast beinahe kaum gar überhaupt ziemlich zumindest mindestens "
    "wenigstens höchstens hauptsächlich insbesondere vorwiegend eben genau gerade ausgerechnet "
    "allein lediglich sicher sicherlich gewiss wohl eigentlich freilich gleichwohl "
    "nichtsdestotrotz jedenfalls sozusagen gewissermaßen quasi etliche sämtliche einiges vieles "
    "wenige weitere andere anderes solche solcher solches derartige jene jener jenes diejenigen "
    "diesem diesen meine mein unser unsere unserer euer man's wem wen wessen woher wohin womit "
    "wofür wogegen worauf damit indem während sofern soweit anstatt außer mitten nahe nördlich "
    "südlich östlich westlich rückblickend angesichts aufgrund anlässlich mithilfe dank gemäß "
    "entgegen abseits jenseits innerhalb außerhalb zeitgleich tags kurz lange längst früher spät "
    "früh erstmals zuallererst erstens zweitens drittens ersten zweiten dritten nächste nächsten "
    "letzte letzten".split()
)
