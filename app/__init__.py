"""Kuliss: a self-hosted editorial planner for public libraries."""

__version__ = "0.1.0"
