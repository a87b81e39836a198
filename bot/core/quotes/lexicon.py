"""Word lists of reported speech in English: cues, titles, kinds of speakers."""

from __future__ import annotations

_IRREGULAR = {
    "say": "say says said saying",
    "tell": "tell tells told telling",
    "write": "write writes wrote written writing",
    "go": "",
    "think": "think thinks thought thinking",
    "feel": "feel feels felt feeling",
    "read": "read reads reading",
    "swear": "swear swears swore swearing",
    "begin": "began begins",
    "put": "put puts",
    "cry": "cried cries crying",
    "speak": "speaks spoke speaking",
    "quip": "quip quips quipped quipping",
    "admit": "admit admits admitted admitting",
    "snap": "snaps snapped",
    "slam": "slam slams slammed slamming",
    "rap": "rapped",
    "refer": "refer refers referred referring",
    "label": "label labels labeled labelled labeling labelling",
    "rebut": "rebuts rebutted rebutting",
    "marvel": "marvels marveled marvelled",
    "interject": "interjects interjected interjecting",
    "shoot": "shot",
    "chime": "chimed chimes",
    "sing": "sing sings sang singing",
    "fret": "fret frets fretted fretting",
    "blog": "blog blogs blogged blogging",
    "rip": "rip rips ripped ripping",
    "pan": "pans panned panning",
    "dub": "dub dubs dubbed dubbing",
    "sum": "sum sums summed summing",
    "cast": "cast casts casting",
    "read on": "",
}


def _forms(verb: str) -> list[str]:
    """The verb and its inflected forms."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb].split()
    if verb.endswith("e"):
        return [verb, verb + "s", verb + "d", verb[:-1] + "ing"]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return [verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    plural = "es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s"
    return [verb, verb + plural, verb + "ed", verb + "ing"]


def _all_forms(verbs: str) -> frozenset[str]:
    return frozenset(form for verb in verbs.split() for form in _forms(verb))


#: Verbs whose object is what was said; they may stand after the quote, and before the speaker.
SAY = _all_forms(
    "bark sing echo scold blurt gripe fret gloat preach thunder elaborate enthuse say "
    "tell add ask reply write tweet retweet post announce argue explain insist note warn "
    "recall conclude continue declare respond state claim acknowledge remark quip joke "
    "admit shout yell chant answer counter suggest urge predict promise pledge vow "
    "testify text comment observe complain charge assert contend emphasize emphasise "
    "stress reiterate repeat lament muse caution advise offer agree boast exclaim wonder "
    "whisper snap concede confirm deny disclose reveal report proclaim opine maintain "
    "marvel protest reflect reason retort scoff sigh grumble intone implore plead cry "
    "begin recount affirm allege bellow deadpan gush growl hint inquire insinuate "
    "interject mutter murmur mention point posit propose pronounce reassure remind scream "
    "snarl summarize swear theorize underscore underline volunteer email e-mail believe "
    "indicate clarify rebut crow fume stammer tease tout assure brag instruct inform "
    "relate order demand read rail rant blog speculate"
)

#: Verbs of judging and speaking about; they take a fragment after them, never a speaker.
JUDGE = _all_forms(
    "call describe praise criticize criticise denounce condemn accuse blast slam mock "
    "dismiss label refer brand characterize characterise deride hail thank liken compare "
    "blame defend cite question attack ridicule decry lambast lambaste reject express "
    "speak talk deem portray paint taunt tout apologize bemoan deplore trumpet recommend "
    "insult bash rip chide salute applaud credit fault cast dub scold assail pan envision "
    "pronounce sum promise warn"
) | frozenset("thinks thought feels felt referring".split())

#: Plain forms, which no single person is the subject of: "say", but not "read", which is past too.
PLAIN = frozenset(
    word for word in SAY | JUDGE if not word.endswith(("ed", "ing")) and word + "s" in SAY | JUDGE
) - frozenset("read put cast".split())

#: Present and past forms that may stand between quote and speaker: "said Holm".
INVERTS = frozenset(v for v in SAY if v.endswith(("ed", "s"))) | frozenset(
    "said told wrote began swore asks says quipped read tweeted shot".split()
) - frozenset("tells told reads promises offers orders reports claims posts notes".split())

#: Nouns that look like cues and are none when a determiner or adjective stands before them.
NOUN_CUES = frozenset(
    "chant chants claims claim reports report comment comments promise promises pledge vow offer "
    "offers order orders state states note notes post posts text texts answer answers "
    "question questions charge charges point points stress urge urges demand demands "
    "attack attacks call calls blame credit fault support cast label brand brands joke "
    "jokes tweet tweets vows reply reason reasons hint email e-mail blog hit hits bill "
    "counter read talk cry remark remarks protest protests feeling thought warning "
    "reflect reading meaning blast slam salute praise mock experience".split()
)

BE = frozenset(
    "is are was were be been being am 's 're isn't wasn't weren't aren't get got".split()
)
AUX = frozenset(
    "has have had having do does did didn't doesn't don't would could can may might must "
    "should will not never also then later once even still just first only now again soon "
    "often always sometimes thus ever himself herself themselves itself both all "
    "previously recently instead simply afterward afterwards earlier further twice hasn't "
    "haven't hadn't wouldn't nonetheless nevertheless meanwhile yesterday today tonight "
    "is was were are been be yet too went on goes going continued proceeded to famously".split()
)
PRONOUNS = frozenset("he she they i we it".split())
PERSONAL = frozenset(("he", "she"))
NOBODY = frozenset("nobody no-one none anyone anybody everyone everybody somebody someone".split())
DETERMINERS = frozenset(
    "the a an his her their its our my this that these those one another some many "
    "several most two three four five six both other few any each every no".split()
)
PREPOSITIONS = frozenset(
    "of for from at in with to by on about against among near under over between into "
    "during after before since like behind inside outside across within than as via "
    "toward towards".split()
)
RELATIVES = frozenset("who whose whom which that where".split())
CONJUNCTIONS = frozenset("and but or then".split())

#: Words before a name that are no part of it.
TITLES = frozenset(
    "mr mrs ms miss dr prof professor sir dame lord lady sen sens senator senators rep "
    "reps representative congressman congresswoman gov governor president presidents "
    "secretary general minister chancellor king queen prince princess pope judge justice "
    "attorney captain capt colonel col gen lt sgt sergeant maj major admiral adm "
    "ambassador chief chairman chairwoman chair commissioner mayor speaker vice prime "
    "deputy foreign defence defense finance interior premier director former ex-president "
    "acting assistant spokesman spokeswoman spokesperson republican democratic democrat "
    "democrats republicans rev reverend father sheriff lieutenant majority minority "
    "leader whip house senate state treasury commander detective officer councilman "
    "councilwoman councillor archbishop bishop cardinal imam rabbi sister brother coach "
    "nato us u.s u.k uk un u.n eu e.u first executive editor manager national security "
    "adviser advisor campaign ceo cfo pm mp gop staff press communications economist "
    "analyst host moderator anchor strategist candidate nominee rival hon cllr supt "
    "inspector constable delegate assemblyman comptroller texas florida ohio california "
    "new-york vermont alabama arizona arkansas wisconsin maryland indiana iowa kentucky "
    "louisiana maine massachusetts michigan minnesota mississippi missouri montana "
    "nebraska nevada kansas oklahoma oregon pennsylvania tennessee utah illinois idaho "
    "american british french german italian spanish polish ukrainian russian estonian "
    "latvian lithuanian finnish swedish norwegian danish dutch belgian turkish hungarian "
    "romanian bulgarian greek czech slovak canadian chinese japanese israeli european "
    "mexican iranian kremlin pentagon interim outgoing incoming nobel-winning co-host "
    "congresswoman-elect president-elect governor-elect home shadow homeland labor labour "
    "energy health education supreme court district county city budget trade climate "
    "lawmaker lawyer author activist historian presidential congressional gubernatorial "
    "vice-presidential hopeful mep mps msp superintendent brigadier corporal commodore marshal "
    "undersecretary".split()
)
#: Words that end a title and are no name: "Secretary of State".
SUFFIXES = frozenset("jr jr. sr sr. ii iii iv".split())
PARTICLES = frozenset(
    "de del della di da van von der den bin al el la le ibn ter ten du dos y".split()
)

#: Capitalised words that open a sentence and are no name.
OPENERS = frozenset(
    "the a an but and or so yet when while if in on at as for after before since although "
    "though because then this that these those it he she they we i you his her their its "
    "our my there here what who why how where which according with by from of to not no "
    "now also still even once earlier later meanwhile however asked speaking until during "
    "like just only all some many most one another both additionally moreover instead "
    "indeed first second finally last despite following nevertheless nonetheless unlike "
    "through under over about among perhaps maybe yesterday today tomorrow tonight monday "
    "tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december is was are were do does did can "
    "could would should will has have had let yes well oh plus said says related read "
    "more watch video photo photos getty image images reuters ap afp elsewhere afterward "
    "afterwards again whether and/or nor never recently previously shortly soon suddenly "
    "eventually apparently similarly likewise separately privately publicly initially "
    "ultimately notably ironically unfortunately fortunately typically usually often "
    "sometimes hours minutes moments days weeks months years i'm i've i'd i'll it's he's "
    "she's they're we're we've that's there's here's you're what's who's let's don't isn't".split()
)
#: Words that make a capitalised sequence an organisation, a place or a work.
ORGANISATIONS = frozenset(
    "party department ministry university college school institute committee commission "
    "council court house senate congress news times post journal press network agency "
    "association union company inc corp group bank center centre foundation office "
    "campaign club church league bureau fund board team administration government "
    "parliament army navy police force forces alliance organization organisation "
    "coalition federation society trust project pac cnn fox nbc abc cbs msnbc npr bbc "
    "reuters ap afp nato fbi cia un eu kremlin pentagon white supreme nation daily "
    "tribune herald gazette magazine today radio tv television media research service "
    "services conference convention states kingdom america street city county state tower "
    "hall avenue act bill amendment constitution debate tonight morning show week report "
    "north south east west facebook twitter google apple microsoft exxon politico "
    "buzzfeed breitbart republicans democrats republican democratic national american "
    "democrat gop dnc rnc doj irs epa isis ala. ariz. ark. calif. colo. conn. del. fla. "
    "ga. ill. ind. kan. ky. la. mass. md. mich. minn. miss. mo. mont. neb. nev. okla. "
    "ore. pa. tenn. tex. va. vt. wash. wis. wyo. d.c. n.y. n.j. n.h. n.c. s.c. n.d. s.d. "
    "n.m. w.va. r.i. u.s. u.k. u.n. hours days weeks months courier chronicle observer guardian "
    "telegraph independent express examiner inquirer bulletin dispatch sentinel monitor gazette "
    "broadcaster channel".split()
)
_SPEAKERS = frozenset(
    "spokesman spokeswoman spokesperson spokespeople official officials aide aides source "
    "sources leader leaders president minister secretary chief head chairman chairwoman "
    "chair director senator governor mayor congressman congresswoman lawmaker lawmakers "
    "candidate candidates nominee nominees billionaire businessman mogul democrat "
    "democrats republican republicans ministry department agency campaign government "
    "administration party group company court judge police officer officers prosecutor "
    "prosecutors lawyer lawyers attorney attorneys expert experts analyst analysts "
    "professor adviser advisor advisers advisors strategist strategists manager "
    "negotiator negotiators diplomat diplomats ambassador general commander colonel "
    "soldier soldiers man woman men women voter voters supporter supporters critic "
    "critics resident residents reporter reporters journalist journalists author writer "
    "editor editors host moderator anchor crowd protesters protester demonstrators "
    "activist activists mother father wife husband son daughter brother sister friend "
    "friends family people person members member committee commission council union "
    "alliance organization organisation association institute report statement letter "
    "memo email e-mail document tweet post message press-release release article "
    "editorial newspaper magazine paper poll study filing lawsuit complaint website "
    "newsletter note speech speaker premier chancellor king queen prince pope bishop "
    "historian economist scientist doctor student students teacher worker workers farmer "
    "veteran veterans rival opponent opponents boss executive executives founder owner "
    "operative operatives participant witness witnesses tycoon star celebrity comedian "
    "actor singer player coach pastor preacher developer frontrunner front-runner "
    "contender hopeful standard-bearer libertarian incumbent first-lady lady commissioner justice "
    "deputy lieutenant sheriff detective representative delegate delegates states allies "
    "predecessor successor countries ministers presidents others another columnist pollster "
    "blogger commentator researcher lobbyist consultant contributor correspondent surrogate "
    "organizer organiser biographer publisher producer novelist poet nurse engineer mechanic "
    "neighbour neighbor retiree pensioner colleague office embassy presidency regulator watchdog "
    "operator insider insiders ally trader banker broker contractor photographer musician sailor "
    "driver miner baker chef surgeon paramedic firefighter rescuer volunteer artist architect "
    "translator interpreter priest rabbi imam lecturer academic campaigner shopkeeper fisherman "
    "midfielder striker goalkeeper defender skipper trainer referee champion survivor tenant "
    "commuter passenger refugee envoy counterpart peer councillor treasurer auditor inspector "
    "superintendent coroner magistrate trustee rector principal headteacher advertisement "
    "network".split()
)
#: Heads of descriptions of people and bodies that speak, one or several.
SPEAKERS = _SPEAKERS | {word + "s" for word in _SPEAKERS if not word.endswith(("s", "man", "men"))}
#: Things that are written; who wrote them stands after "from" or "by".
PAPERS = frozenset(
    "statement letter memo email e-mail tweet post message release article editorial "
    "op-ed note speech text column blog report filing testimony document memorandum ad "
    "video".split()
)
#: What is done with a paper by whoever speaks in it.
ISSUES = frozenset("issued released published posted sent wrote tweeted made gave out".split())
#: What a quoted title belongs to.
WORKS = frozenset(
    "book books memoir novel show program programme broadcast series song album film "
    "movie magazine newspaper column podcast documentary play poem essay article report "
    "paper episode segment ad headline headlined titled entitled called dubbed named "
    "hosts hosted host hosting hit bestseller anthem musical slogan motto hashtag sign "
    "signs banner banners shirt t-shirt hat hats sitcom game drama comedy opera painting "
    "exhibition nicknamed nickname watching reading so-called word words term phrase "
    "phrases known acronym".split()
)

DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
#: Titles and bodies that are surnames too.
SURNAMES = frozenset(
    "king bishop pope judge price major prince dean house cardinal chancellor post day "
    "cook street hall tower county may church white north west east south board".split()
)
#: Cues too loose to reach over other words to a fragment: "agreed to pay “a fair share”".
WEAK = _all_forms("agree continue begin order offer read rail point report post believe indicate")
#: Places that stand where a name could.
PLACES = frozenset(
    "alabama alaska arizona arkansas california colorado connecticut delaware florida "
    "hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland "
    "massachusetts michigan minnesota mississippi missouri montana nebraska nevada ohio "
    "oklahoma oregon pennsylvania tennessee texas utah vermont wisconsin wyoming "
    "washington america england scotland wales britain ireland france germany spain italy "
    "poland ukraine russia estonia latvia lithuania finland sweden norway denmark belgium "
    "netherlands turkey hungary romania bulgaria greece canada china japan israel iran "
    "iraq syria mexico europe asia africa london paris berlin moscow kyiv kiev brussels "
    "warsaw vilnius riga tallinn helsinki oslo ankara beijing tokyo chicago boston "
    "philadelphia cleveland miami orlando detroit atlanta dallas houston seattle "
    "australia india pakistan afghanistan brazil cuba korea zealand york angeles "
    "francisco vegas jersey hampshire carolina dakota".split()
)
#: Things that carry words without anybody saying them.
SIGNS = frozenset("hat hats sign signs banner banners shirt t-shirt shirts button".split())
#: Verbs before "to say" that leave the subject as it is: "went on to say".
CONTROLS = frozenset(
    "went goes going continued continues proceeded proceeds tried trying tries began "
    "begins seemed seems appeared appears refused declined used wanted paused failed took "
    "takes hastened".split()
)
#: Heads of descriptions that are one person.
PERSONS = frozenset(
    "leader president minister secretary chief head chairman chairwoman chair director senator "
    "governor mayor congressman congresswoman lawmaker candidate nominee billionaire businessman "
    "mogul democrat republican general commander colonel negotiator diplomat ambassador author "
    "writer editor host moderator analyst professor adviser advisor strategist manager speaker "
    "premier chancellor king queen prince pope bishop historian economist scientist doctor boss "
    "executive founder owner tycoon actor singer coach pastor commissioner sheriff representative "
    "spokesman spokeswoman spokesperson officer lawyer attorney man woman".split()
)
