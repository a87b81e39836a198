"""Feeds: documents into entries, the identity of entries, and what one poll changes."""
