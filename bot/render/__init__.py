"""Turns a Brief or Reply into what one platform shows; escaping and limits in one place each."""
