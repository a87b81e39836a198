"""Backtests: two versions of some topics on stored articles, and the desk's fold over both."""

from bot.core.backtest.alerts import alerts_by_day
from bot.core.backtest.trial import ChunkTried, Text, Trial, Tried, try_texts

__all__ = ["ChunkTried", "Text", "Trial", "Tried", "alerts_by_day", "try_texts"]
