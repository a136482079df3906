"""Tests of app/actions."""
