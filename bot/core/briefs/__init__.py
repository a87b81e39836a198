"""Briefs: what a channel gets of its stories, and when a digest of them falls due."""
