"""Verbs that change things: functions of (session, actor, input). They never commit or call a network."""
