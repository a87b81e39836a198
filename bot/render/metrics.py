"""Figures in the Prometheus text format, version 0.0.4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

Labels = Mapping[str, str]

_NONE: Final[Labels] = MappingProxyType({})
_ESCAPED: Final = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})


@dataclass(frozen=True, slots=True)
class Metric:
    """One gauge with its values now."""

    #: Without ``nato_brief_``; ends in its unit.
    name: str
    #: One sentence without a full stop.
    help: str
    #: Labels and value of each; none while nothing is known.
    values: Sequence[tuple[Labels, float]]


def gauge(name: str, text: str, value: float) -> Metric:
    """A gauge without labels."""
    return Metric(name, text, ((_NONE, value),))


def gauges(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    """A gauge with one label; ``values`` are by its value."""
    return Metric(name, text, [({label: key}, value) for key, value in values.items()])


def metrics_text(metrics: Sequence[Metric]) -> str:
    """``# HELP``, ``# TYPE`` and a line a value for each metric."""
    return "".join(
        f"# HELP nato_brief_{metric.name} {metric.help}\n"
        f"# TYPE nato_brief_{metric.name} gauge\n"
        + "".join(
            f"nato_brief_{metric.name}{_labels(labels)} {value}\n"
            for labels, value in metric.values
        )
        for metric in metrics
    )


def _labels(labels: Labels) -> str:
    if not labels:
        return ""
    pairs = (f'{name}="{value.translate(_ESCAPED)}"' for name, value in labels.items())
    return f"{{{','.join(pairs)}}}"
