"""Figures in the Prometheus text format."""

from __future__ import annotations

from collections.abc import Mapping


def metrics_text(figures: Mapping[str, float]) -> str:
    """One gauge a figure.

    Args:
        figures: Name, labels in braces included where it has any → value.
    """
    return "".join(f"nato_brief_{name} {value}\n" for name, value in sorted(figures.items()))
