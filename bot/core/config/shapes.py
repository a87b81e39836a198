"""Shapes shared by all files: what the admin writes, checked by pydantic.

The JSON Schemas for editors are generated from the shapes; values of the domain are made from
shapes that passed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Tag,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from bot.core.config import words
from bot.domain.channels import Destination
from bot.domain.watch import Only

T = TypeVar("T")


class Shape(BaseModel):
    """A mapping with exactly these keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class Written:
    """A text that ``read`` turns into the value, or refuses with a ValueError."""

    read: Callable[[str], object]
    schema: dict[str, Any] = field(default_factory=dict, hash=False)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        text = core_schema.str_schema(strict=True, max_length=2000)
        return core_schema.no_info_after_validator_function(self.read, text)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", **self.schema}


class _OneOrMany:
    """Takes one value where a list is meant, in the value and in the JSON Schema."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(
            lambda value: value if isinstance(value, list) else [value], handler(source)
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        many = handler(schema)
        return {"anyOf": [many["items"], many]}


def _yes(value: Any) -> Any:
    """YAML 1.2 reads ``yes`` as text; here it is an answer."""
    return {"yes": True, "no": False}.get(value, value) if isinstance(value, str) else value


Many = Annotated[list[T], Field(min_length=1)]
OneOrMany = Annotated[list[T], Field(min_length=1), _OneOrMany()]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Format = Literal[1]
Tier = Annotated[int, Field(ge=1, le=3)]
Url = Annotated[str, Written(words.url, {"format": "uri", "pattern": "^https?://"})]
Auth = Annotated[str, Written(words.auth, {"pattern": "^env: ?[A-Za-z_][A-Za-z0-9_]*$"})]
Interval = Annotated[float, Written(words.interval, {"examples": ["15 minutes", "2 hours"]})]
Size = Annotated[int, Written(words.size, {"examples": ["15 MiB"]})]
Language = Annotated[str, Written(words.language, {"pattern": "^[A-Za-z]{2}$"})]
Country = Annotated[str, Written(words.country, {"pattern": "^[A-Za-z]{2}$"})]
Zone = Annotated[str, Written(words.zone, {"examples": ["Europe/Brussels"]})]
Clock = Annotated[time, Written(words.clock, {"pattern": "^[0-9]{1,2}:[0-9]{2}$"})]
Weekdays = Annotated[
    frozenset[int],
    Written(
        words.weekdays,
        {"enum": ["weekdays", "weekend", "every day", *map(str.capitalize, words.DAYS)]},
    ),
]
Day = Annotated[date, Written(words.day, {"format": "date"})]
To = Annotated[Destination, Written(words.destination, {"examples": ["slack:#nato-desk"]})]
Length = Annotated[
    tuple[int | None, int | None],
    Written(words.length, {"examples": ["150+", "150-2000", "up to 2000"]}),
]
YesNo = Annotated[bool, BeforeValidator(_yes), WithJsonSchema({"enum": ["yes", "no", True, False]})]


def _sources_kind(value: Any) -> str:
    return "=all but" if isinstance(value, dict) else "=sources"


class OnlyShape(Shape):
    """What an article must be; a key left out allows everything."""

    languages: OneOrMany[Language] | None = Field(
        None, description="Two-letter codes, as in [en, fr]. Default: every language."
    )
    countries: OneOrMany[Country] | None = Field(
        None,
        description="Two-letter codes of the outlets' countries, as in [US, GB]. Default: all.",
    )
    tiers: OneOrMany[Tier] | None = Field(
        None, description="Tiers of the feeds, as in [1, 2]. Default: all."
    )

    def value(self) -> Only:
        """As the domain has it."""
        return Only(
            languages=frozenset(self.languages or ()),
            countries=frozenset(self.countries or ()),
            tiers=frozenset(self.tiers or ()),
        )


class NotShape(Shape):
    """All but some."""

    not_: OneOrMany[Name] = Field(alias="not", description="All but these.")


class TopicOnlyShape(OnlyShape):
    """What an article must be for a topic."""

    sources: (
        Annotated[
            Annotated[OneOrMany[Name], Tag("=sources")] | Annotated[NotShape, Tag("=all but")],
            Discriminator(_sources_kind),
        ]
        | None
    ) = Field(
        None,
        description="Hosts such as bbc.co.uk, or names of outlets; {not: [...]} for all but these. "
        "Default: all.",
    )
    words: Length | None = Field(
        None, description="Words of the text, as in `150+`, `150-2000`, `up to 2000`. Default: any."
    )

    def value(self) -> Only:
        """As the domain has it."""
        least, most = self.words or (None, None)
        chosen = self.sources
        wanted, refused = ((), chosen.not_) if isinstance(chosen, NotShape) else (chosen or (), ())
        return replace(
            super().value(),
            sources=frozenset(wanted),
            not_sources=frozenset(refused),
            least_words=least,
            most_words=most,
        )
