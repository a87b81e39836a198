"""German nouns that say what somebody is or name a body: Ministerin, Staatsanwaltschaft."""

from __future__ import annotations

from functools import lru_cache

from bot.core.quotes.german.first_names import GENDERS

#: Endings of nouns that say what somebody is.
_ROLES = (
    "minister ministerin präsident präsidentin präsidenten kanzler kanzlerin chef chefin sprecher "
    "sprecherin sekretär sekretärin leiter leiterin vorsitzende vorsitzender vorsitzenden "
    "politiker politikerin experte expertin experten beauftragte beauftragter beauftragten "
    "general admiral oberst botschafter botschafterin kommissar kommissarin kommissär direktor "
    "direktorin professor professorin meister meisterin rat rätin abgeordnete abgeordneter "
    "abgeordneten analyst analystin analysten forscher forscherin führer führerin kandidat "
    "kandidatin kandidaten anwalt anwältin richter richterin ökonom ökonomin ökonomen historiker "
    "historikerin unterhändler unterhändlerin kommandeur kommandeurin inspekteur inspekteurin "
    "senator senatorin premier könig königin papst bischof trainer trainerin vertreter "
    "vertreterin mitglied diplomat diplomatin diplomaten offizier offizierin soldat soldatin "
    "soldaten frau herr dr prof doktor manager managerin unternehmer unternehmerin autor autorin "
    "journalist journalistin journalisten ärztin arzt lehrer lehrerin bewohner bewohnerin "
    "augenzeuge augenzeugin zeuge zeugin beamter beamtin beamte kollege kollegin kollegen gründer "
    "gründerin wissenschaftler wissenschaftlerin hauptmann feldwebel leutnant major "
    "geschäftsführer geschäftsführerin vize staatssekretär koordinator koordinatorin berater "
    "beraterin wirt wirtin bauer bäuerin landwirt landwirtin händler händlerin nachfolger "
    "nachfolgerin vorgänger vorgängerin stellvertreter stellvertreterin präses vorstand mann "
    "obmann obfrau landrat landrätin aktivist aktivistin bürger bürgerin mutter vater sohn "
    "tochter bruder schwester gouverneur gouverneurin wähler wählerin insider verteidiger "
    "verleger ermittler fahnder gutachter beobachter bewerber vermittler unterstützer herausgeber "
    "redakteur reporter korrespondent korrespondenten pfarrer pastor priester kardinal imam "
    "rabbiner pilot piloten kapitän kommandant kommandanten marschall brigadier attaché konsul "
    "gesandter gesandte ombudsmann sieger amtsinhaber demokrat demokraten republikaner dissident "
    "rebell nationalrat ständerat hofrat landeshauptfrau dekan rektor intendant schriftsteller "
    "künstler sänger regisseur schauspieler chirurg mediziner sanitäter retter referent dezernent "
    "vorsteher ammann statthalter obfrau angeklagte angeklagter betroffene überlebende liberale "
    "konservative verantwortliche jährige jähriger prinz prinzessin zar emir scheich sultan "
    "außenamtssprecher regierungschef polizist polizisten jurist juristen publizist spezialist "
    "stratege strategen kaufmann dolmetscher partner ministerpräsident fraktionsvize parteivize "
    "amtskollege ratsmitglied gemahlin witwe witwer norweger däne schwede finne isländer este "
    "lette litauer pole tscheche slowake ungar rumäne bulgare grieche türke russe ukrainer "
    "belarusse moldauer georgier armenier serbe kroate slowene bosnier albaner kosovare franzose "
    "französin spanier portugiese italiener belgier niederländer holländer luxemburger brite ire "
    "schotte österreicher amerikaner kanadier mexikaner brasilianer argentinier chilene chinese "
    "japaner koreaner inder pakistaner afghane iraner iraker syrer libanese israeli palästinenser "
    "ägypter marokkaner tunesier algerier libyer nigerianer südafrikaner kenianer australier "
    "neuseeländer dänin schwedin finnin estin lettin polin tschechin slowakin griechin türkin "
    "russin serbin kroatin slowenin anwohner nachbar nachbarin rentner rentnerin student "
    "studentin studenten schüler schülerin passant passantin flüchtling häftling fahrer fahrerin "
    "teilnehmer teilnehmerin mitarbeiter mitarbeiterin angestellte arbeiter arbeiterin "
    "demonstrant demonstrantin kenner angehörige kennerin überläufer veteran veteranin reservist "
    "nonne mönch kämpfer kämpferin häuptling autoren professoren senatoren direktoren "
    "menschenrechtler philosoph philosophin britin irin chinesin rumänin bulgarin portugiesin "
    "gegner".split()
)
_ROLE_SET = frozenset(_ROLES)
#: Roles that many last names end in, or other nouns: Brinkmann, Neubauer, Burmeister, Familie.
_IN_SURNAMES = frozenset(
    "mann bauer wirt meister richter könig vater sohn bruder mutter arzt major vize frau herr prof "
    "rat papst sieger retter partner israeli inder finne prinz scheich "
    "sultan pastor pole ammann zeuge lette este brite russe sänger künstler pilot rebell "
    "däne ungar serbe irin polin estin".split()
)
_LONG_ROLES = (
    *(role for role in _ROLES if len(role) > 3 and role not in _IN_SURNAMES),
    *"bürgermeister hauptmann obmann fachmann seemann ratspräsident".split(),
)
#: What women and specialists are called: Verlegerin, Germanistin, Politologe.
_ENDINGS = tuple(
    "erin istin orin antin entin eurin ogin atin ärin omin arin otin ektin ältin ärztin iker "
    "ologe ologen".split()
)
_COMMON = 6
#: Nouns whose kind is kept; the same few stand in every article.
_REMEMBERED = 4096
#: Endings of nouns that name a body.
_BODIES = (
    "ministerium amt behörde polizei regierung partei verband kommission rat gericht "
    "staatsanwaltschaft agentur fraktion verwaltung armee marine bundeswehr heer luftwaffe "
    "unternehmen konzern gewerkschaft universität institut bank kirche gesellschaft stiftung "
    "organisation parlament bündnis zeitung sender büro zentrum präsidium kanzlei haus feuerwehr "
    "generalstab botschaft kreml nato eu uno cdu csu spd fdp afd grünen linke dpa afp grüne "
    "reuters ap ard zdf firma verein liga allianz koalition union behörden hersteller betreiber "
    "küstenwache streitkräfte initiative dienst ministeriums kanzleramt ressort direktion innung "
    "kammer hochschule klinik fluggesellschaft reederei wetterdienst opposition "
    "demonstranten jury komitee ausschuss gremium senat bundestag kabinett führung leitung spitze "
    "delegation redaktion bewegung gerichtshof tribunal pentagon vatikan seite miliz team "
    "hauptquartier".split()
)
_BODY_SET = frozenset(_BODIES)
_LONG_BODIES = tuple(form for body in _BODIES if len(body) > 4 for form in (body, body + "s"))
#: Endings of what passes words on and says nothing itself: laut Medienberichten.
_MESSENGERS = tuple(
    "agentur agenturen zeitung zeitungen magazin magazins blatt blattes blatts sender senders "
    "medien bericht berichten berichts berichte presse rundfunk fernsehen portal spiegel spiegels "
    "meldung meldungen dpa afp apa reuters protokoll umfrage studie dokument dokumenten "
    "papier".split()
)
_SPEAKS_FOR = ("sprecher", "sprecherin", "sprechers")


@lru_cache(maxsize=_REMEMBERED)
def is_role(word: str) -> bool:
    """Whether a noun, in any case, says what somebody is: Verteidigungsministerin, Nato-Chef."""
    lower = word.lower().rstrip(".")
    if lower.endswith("rat") and len(lower) > 4:
        return lower.endswith(
            ("bundesrat", "stadtrat", "landrat", "regierungsrat", "nationalrat", "ständerat")
        )
    last = lower.rsplit("-", 1)[-1]
    if last in _ROLE_SET or lower.endswith(_LONG_ROLES):
        return True
    return len(lower) > _COMMON and lower.endswith(_ENDINGS) and lower not in GENDERS


@lru_cache(maxsize=_REMEMBERED)
def is_body(word: str) -> bool:
    """Whether a noun, in any case, names a body: Verkehrsministerium, Polizei, CDU."""
    lower = word.lower()
    last = lower.rsplit("-", 1)[-1]
    return last in _BODY_SET or lower.endswith(_LONG_BODIES) or (word.isupper() and len(word) > 1)


def is_female(role: str) -> bool:
    """Whether a role says that its holder is a woman."""
    return role.lower().endswith(("in", "frau", "witwe"))


def passes_on(noun: str) -> bool:
    """Whether a noun names a paper, an agency or a report, which tells what others said."""
    return noun.lower().endswith(_MESSENGERS)


def speaks_for_others(role: str) -> bool:
    """Whether a role is that of a spokesman or spokeswoman."""
    return role.lower().endswith(_SPEAKS_FOR)
