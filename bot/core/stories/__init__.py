"""The desk as a fold: articles and state in, story, posts and decisions with reasons out."""
