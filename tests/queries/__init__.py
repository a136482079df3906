"""Tests of app/queries."""
