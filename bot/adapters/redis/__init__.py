"""The only database: streams, feeds, the desk's memory and posts, each hop one script."""
