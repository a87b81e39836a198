"""nato-brief: watches the news, flags topics, brings quotes with their speakers to chat."""
