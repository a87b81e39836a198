"""Rules in words, as a person would say them."""

from __future__ import annotations

from itertools import chain

from bot.domain.watch import AllOf, AnyOf, AtLeast, InField, Near, Pattern, Phrase, Rule

#: A longer list is cut: it stands in messages.
_SHOWN = 6


def describe(rule: Rule) -> str:
    """``rule`` as a person would say it: ``near(NATO, spend*) within 8 words``."""
    match rule:
        case Phrase(text=text):
            return ("exact " if rule.exact else "") + ("forms of " if rule.forms else "") + text
        case Near(parts=parts, unless=unless):
            near = f"near({', '.join(map(describe, parts))}) within {_distance(rule)}"
            return f"{near}, not near ({_listed(_flat(unless))})" if unless else near
        case Pattern(regex=regex):
            return f"regex {regex}"
        case AllOf(parts=parts, none=none) if none:
            return f"{describe(AllOf(parts=parts))} without ({_listed(_flat(none))})"
        case AnyOf(parts=parts) | AllOf(parts=parts) if len(parts) == 1:
            return describe(parts[0])
        case AnyOf(parts=parts):
            return f"any of ({_listed(_flat(parts))})"
        case AllOf(parts=parts):
            return f"all of ({_listed(parts)})"
        case InField(field=field, part=part):
            return f"{describe(part)} in {'a' if field == 'heading' else 'the'} {field}"
        case AtLeast(times=times, of=part):
            return f"{describe(part)} {times} times"


def _distance(rule: Near) -> str:
    if rule.words is None:
        distance = rule.within or "paragraph"
    else:
        distance = f"{rule.words} word{'' if rule.words == 1 else 's'}"
    return f"{distance}, in order" if rule.in_order else distance


def _flat(parts: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Lists within a list are told as one."""
    inner = (_flat(part.parts) if isinstance(part, AnyOf) else (part,) for part in parts)
    return tuple(chain.from_iterable(inner))


def _listed(parts: tuple[Rule, ...]) -> str:
    shown = ", ".join(map(describe, parts[:_SHOWN]))
    return shown if len(parts) <= _SHOWN else f"{shown} and {len(parts) - _SHOWN} more"
