"""The index of this host: the holder of the lock writes, everybody reads, anybody may take over.

    add      delete the article ─► add its documents ─► commit ─► checkpoint
    forget   delete what the streams do not hold any more ─► commit
    search   the state last committed, by whichever process

Whatever cannot be opened is deleted and built again from the streams: the checkpoint goes with it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Final

import tantivy

from bot.adapters.index.documents import (
    ENGLISH,
    SCHEMA_VERSION,
    Passages,
    QuoteId,
    analyzer,
    clean,
    documents,
    is_kept,
    schema,
    stored_before,
)
from bot.adapters.index.folder import Folder
from bot.adapters.index.ledger import QuoteSearch
from bot.adapters.index.query import Search
from bot.domain.answers import Hit, Question, Searched
from bot.domain.errors import LostOwnership, Unavailable
from bot.domain.news import Record
from bot.domain.times import from_ms

_log = logging.getLogger("nato_brief.index")

#: Bytes; its own default of 128 MB is more than everything else here takes.
_HEAP: Final = 20_000_000
#: What tantivy raises: OSError for files, ValueError for everything else.
_BROKEN: Final = (OSError, ValueError)


class TantivyIndex:
    """Quotes and passages; safe to call from several threads."""

    def __init__(self, directory: Path, *, passages: Passages, quote_id: QuoteId) -> None:
        version = ".".join(metadata.version("tantivy").split(".")[:2])
        self._folder = Folder(directory, f"{SCHEMA_VERSION}-{version}")
        self._passages = passages
        self._quote_id = quote_id
        self._schema = schema()
        self._analyzer = analyzer()
        #: Held by whoever writes; reading never waits for it.
        self._writing = threading.RLock()
        self._writer: tantivy.IndexWriter | None = None
        self._index: tantivy.Index | None = None
        self._closed = False

    @property
    def is_writer(self) -> bool:
        """Whether this process is the one that writes."""
        return self._writer is not None

    @property
    def checkpoint(self) -> dict[str, str]:
        """Stream name → position up to which records are committed, by whichever process."""
        return self._folder.checkpoint()

    def take_over(self) -> bool:
        """Become the writer if nobody is; True when this process is the writer now.

        Raises Unavailable when the folder cannot be written.
        """
        with self._writing:
            if self._closed:
                return False
            if self._writer is None:
                try:
                    if self._folder.lock():
                        self._open_to_write()
                except _BROKEN as error:
                    self._let_go()
                    raise Unavailable(f"the index cannot be written: {error}") from error
            return self.is_writer

    def add(self, records: Sequence[Record], checkpoint: Mapping[str, str]) -> None:
        """Index records and commit; adding a record again changes nothing.

        Raises LostOwnership when another process writes, Unavailable when nobody can.
        """
        with self._writing:
            if not self.take_over() or self._writer is None or self._index is None:
                raise LostOwnership("another process writes the index")
            try:
                if self._add(self._writer, self._index, records):
                    self._writer.commit()
                    self._index.reload()
                if dict(checkpoint) != self._folder.checkpoint():
                    self._folder.write_checkpoint(checkpoint)
            except _BROKEN as error:
                self._let_go()
                raise Unavailable(f"the index cannot be written: {error}") from error

    def forget(self, *, articles: datetime | None, kept: datetime | None) -> None:
        """Forget records stored before ``articles``, if they are in KEPT before ``kept``.

        None forgets nothing. Raises LostOwnership when another process writes, Unavailable when
        nobody can.
        """
        with self._writing:
            if not self.take_over() or self._writer is None or self._index is None:
                raise LostOwnership("another process writes the index")
            try:
                for moment, is_copy in ((articles, 0), (kept, 1)):
                    if moment is not None:
                        self._writer.delete_documents_by_query(
                            stored_before(self._schema, moment, kept=is_copy)
                        )
                self._writer.commit()
                self._index.reload()
            except _BROKEN as error:
                self._let_go()
                raise Unavailable(f"the index cannot be written: {error}") from error

    def search(self, question: Question, *, limit: int) -> tuple[Hit, ...]:
        """Quotes and passages by lexical score, the best first; at most ``limit`` of each."""
        searcher = self._searcher()
        if searcher is None or limit < 1:
            return ()
        search = Search(
            searcher=searcher, schema=self._schema, analyzer=self._analyzer, question=question
        )
        try:
            return search.hits(limit)
        except _BROKEN as error:
            # The writer may be replacing the very files; a question never fails for that.
            _log.warning("index.unreadable problem=%r", str(error))
            return ()

    def quotes_named(self, name: str, *, limit: int) -> tuple[Hit, ...]:
        """The quotes with this id: one article may say the same words twice."""
        return self._quotes(lambda search: search.named(name, limit=limit))

    def quotes_like(
        self,
        words: str,
        *,
        speaker: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        least: float = 0.0,
        limit: int,
    ) -> tuple[Hit, ...]:
        """Quotes with any of ``words``, as ``QuoteSearch.like`` finds them."""
        return self._quotes(
            lambda search: search.like(
                words, speaker=speaker, since=since, until=until, least=least, limit=limit
            )
        )

    def _quotes(self, find: Callable[[QuoteSearch], tuple[Hit, ...]]) -> tuple[Hit, ...]:
        searcher = self._searcher()
        if searcher is None:
            return ()
        try:
            return find(
                QuoteSearch(searcher=searcher, schema=self._schema, analyzer=self._analyzer)
            )
        except _BROKEN as error:
            _log.warning("index.unreadable problem=%r", str(error))
            return ()

    def extent(self) -> Searched:
        """How many articles can be found, and their first and last time of publication."""
        searcher = self._searcher()
        if searcher is None:
            return Searched(articles=0)
        articles = tantivy.Query.term_query(self._schema, "kind", "article")
        found = searcher.aggregate(
            articles,
            {
                "count": {"value_count": {"field": "published"}},
                "first": {"min": {"field": "published"}},
                "last": {"max": {"field": "published"}},
            },
        )
        count = int(found["count"]["value"])
        if not count:
            return Searched(articles=0)
        return Searched(
            articles=count,
            since=from_ms(int(found["first"]["value"])),
            until=from_ms(int(found["last"]["value"])),
        )

    def close(self) -> None:
        """Let go of the files and the lock; waits for an ``add`` under way."""
        with self._writing:
            self._closed = True
            self._let_go()

    def _add(
        self, writer: tantivy.IndexWriter, index: tantivy.Index, records: Sequence[Record]
    ) -> int:
        newest: dict[str, Record] = {}
        for record in records:
            known = newest.get(record.article.id)
            if known is None or _order(record) > _order(known):
                newest[record.article.id] = record
        searcher = index.searcher()
        added = 0
        for name, record in newest.items():
            # A record found in both streams, or read again after a crash, is there already.
            if _order(record) <= self._known(searcher, name):
                continue
            writer.delete_documents_by_term("article", clean(name))
            for document in documents(record, passages=self._passages, quote_id=self._quote_id):
                writer.add_document(document)
            added += 1
        return added

    def _known(self, searcher: tantivy.Searcher, article_id: str) -> tuple[int, bool]:
        """The revision of an article that is indexed, and whether as one of KEPT."""
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Must, tantivy.Query.term_query(self._schema, field, value))
                for field, value in (("article", clean(article_id)), ("kind", "article"))
            ]
        )
        found = searcher.search(query, 1, count=False).hits
        if not found:
            return 0, False
        known = searcher.doc(found[0][1])
        return int(known.get_first("revision") or 0), bool(known.get_first("kept"))

    def _open_to_write(self) -> None:
        self._folder.path.mkdir(parents=True, exist_ok=True)
        try:
            self._start_writing()
        except _BROKEN as error:
            _log.warning("index.rebuilt folder=%s problem=%r", self._folder.path.name, str(error))
            self._index = None
            self._folder.empty()
            self._start_writing()

    def _start_writing(self) -> None:
        index = tantivy.Index(self._schema, path=str(self._folder.path))
        index.config_reader("manual")
        index.register_tokenizer(ENGLISH, self._analyzer)
        writer = index.writer(_HEAP, 1)
        index.reload()
        self._index, self._writer = index, writer

    def _searcher(self) -> tantivy.Searcher | None:
        """The state last committed; None when there is none that can be read."""
        if self._closed:
            return None
        try:
            index = self._index
            if index is None:
                if not tantivy.Index.exists(str(self._folder.path)):
                    return None
                index = tantivy.Index.open(str(self._folder.path))
                index.config_reader("manual")
                index.register_tokenizer(ENGLISH, self._analyzer)
                with self._writing:
                    self._index = index = self._index or index
            if not self.is_writer:
                index.reload()
            return index.searcher()
        except _BROKEN as error:
            # Being built again by the writer; the next search opens it afresh.
            _log.warning("index.unreadable problem=%r", str(error))
            if not self.is_writer:
                self._index = None
            return None

    def _let_go(self) -> None:
        self._writer = self._index = None
        self._folder.unlock()


def _order(record: Record) -> tuple[int, bool]:
    return record.article.revision, is_kept(record)
