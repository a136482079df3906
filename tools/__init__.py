"""Tools for those who change Kuliss; nothing here runs in an installation."""
