"""Who is asking, for which thing, in which language: what every request needs before it begins."""
