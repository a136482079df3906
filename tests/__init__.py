"""Kuliss, tested: the folders mirror app/."""
