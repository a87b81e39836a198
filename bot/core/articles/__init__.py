"""Articles: the text of a page, and an entry enriched to an article."""
