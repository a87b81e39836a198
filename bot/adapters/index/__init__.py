"""The index: a local read model of quotes and passages in tantivy, disposable at any time."""

from bot.adapters.index.tantivy_index import TantivyIndex

__all__ = ["TantivyIndex"]
