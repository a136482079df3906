"""The example library: made, looked at, removed.

Its past is laid in with given dates, its coming weeks are planned as people do it. `making.make` and
`removing.remove` are the two ways in. Texts lie in `texts/`, pictures are drawn by `scenes`. Every part opens
sessions of its own and commits as it goes, so that nobody else waits for it.
"""
