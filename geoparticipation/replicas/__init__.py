"""Reads from PostgreSQL's streaming replicas: which requests, which replica, and what happens when it fails.

One decision per request (`geoparticipation.middleware.replicas`): all its reads come from one server, because the
revision of a campaign and the content kept under it must not come from two. What no route declares (`routes`) and all
writes are the primary's.
"""
