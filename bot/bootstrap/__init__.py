"""Builds the product out of its parts: the only place that knows concrete classes."""
