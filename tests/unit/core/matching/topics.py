"""Two topics as an analyst would write them, and short names for rules."""

from bot.core.text.prose import Prose
from bot.domain.watch import AllOf, AnyOf, AtLeast, InField, Near, Phrase, Topic


def match_plain(compiled, title, text):
    """What holds for an article of these strings."""
    return compiled.match(Prose(title), Prose(text))


def phrase(text, **options):
    return Phrase(text=text, **options)


def phrases(*texts):
    return tuple(Phrase(text=text) for text in texts)


def any_of(*parts):
    return AnyOf(parts=tuple(Phrase(text=p) if isinstance(p, str) else p for p in parts))


def all_of(*parts, **options):
    return AllOf(parts=tuple(Phrase(text=p) if isinstance(p, str) else p for p in parts), **options)


def near(*parts, **options):
    return Near(parts=tuple(Phrase(text=p) if isinstance(p, str) else p for p in parts), **options)


def title(part):
    return InField(field="title", part=Phrase(text=part) if isinstance(part, str) else part)


def heading(part):
    return InField(field="heading", part=Phrase(text=part) if isinstance(part, str) else part)


def lead(part):
    return InField(field="lead", part=Phrase(text=part) if isinstance(part, str) else part)


NATO = any_of("NATO", "North Atlantic Treaty Organization", "North Atlantic alliance")
MONEY = any_of("spend*", "budget*", "expenditure*", "GDP", "pledge*", "target*", "invest*")
DEFENCE = any_of("defence", "defense", "military", "army", "armed forces")
MEMBERS = any_of("Germany", "Poland", "Spain", "Canada", "Britain", phrase("US", exact=True))

SPENDING = Topic(
    name="NATO spending",
    about="Members' defence budgets and the 2, 3.5 and 5 percent of GDP targets",
    any=(
        *phrases("defence spending", "defense spending", "burden-sharing"),
        near(DEFENCE, MONEY, words=4),
        near(NATO, MONEY, words=8),
        near(any_of("%", "percent", "per cent"), "GDP", words=4),
    ),
    all=(any_of(NATO, "alliance", "allies", MEMBERS),),
    none=(title(any_of("sport*", "football")), phrase("Nato strap")),
    weights=(("defence spending", 2), ("defense spending", 2)),
    match_examples=(
        "Allies agreed at the NATO summit to raise defence spending to 5% of GDP.",
        "Spain’s army needs far more investment, the alliance said.",
    ),
    skip_examples=(
        "The NATO strap is a popular wristwatch band.",
        "Germany spends 5% more on its schools.",
    ),
    file="watchlists/security.yaml",
    line=9,
)

CEASEFIRE = Topic(
    name="Ukraine ceasefire",
    about="Talks, terms and breaches of a truce",
    any=(
        *phrases("ceasefire", "cease-fire", "truce"),
        phrase("peace deal", forms=True),
        phrase("halt the fighting", forms=True),
        near("Russia*", phrase("negotiate", forms=True), within="sentence"),
    ),
    all=(any_of("Ukrain*", "Kyiv", "Zelensk*", "Moscow", "Putin"),),
    at_least=AtLeast(times=2, of=any_of("Ukrain*", "Kyiv", "Russia*", "Moscow")),
    none=phrases("Gaza", "Sudan"),
    match_examples=(
        "Russia and Ukraine said they had halted the fighting around Kyiv.",
        "Ukraine’s president called Moscow’s cease‑fire offer a sham.",
    ),
    skip_examples=(
        "A truce in Gaza held, Ukraine and Russia said.",
        "Kyiv’s mayor met Ukrainians.",
    ),
    file="watchlists/security.yaml",
    line=40,
)
