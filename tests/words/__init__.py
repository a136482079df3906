"""Tests of app/words."""
