"""Verbs that change things: functions of (session, actor, input). They never commit and never call a network."""
