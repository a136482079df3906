"""Of `kuliss check`: whether history is whole, and where it is not."""

from collections.abc import Iterator

from app.cli.findings import Finding
from app.errands.ground import Ground
from app.errands.history_check import Break, Kind, Walk, breaks

MOST = 20
_WORDS = {
    Kind.CHANGED: "Entry {entry} ({what}, {at}) or its seal was changed after it was sealed.",
    Kind.MISSING: "Entry {entry}, seal {place}, was taken out.",
    Kind.SEALS_MISSING: "After seal {place} {count} seals are missing, with what they sealed or without it.",
    Kind.CUT: (
        "The end was cut off or written anew: this data folder knew seal {place}, and it is not there any"
        " more. history-seal.json in the data folder is the proof; it stays as it is until you remove it."
    ),
    Kind.UNSEALED: "{count} entries from number {entry} on have no seal yet. Is the clock running?",
}


def findings(ground: Ground) -> Iterator[Finding]:
    """One line when the chain is whole; else a line for each break, at most `MOST`, and what to do."""
    walk, told = Walk(), 0
    try:
        for found in breaks(ground, walk):
            told += 1
            if told <= MOST:
                yield Finding(False, f"History: {_words(found)}")
    except ValueError:  # facts that are no JSON any more
        told += 1
        yield Finding(False, f"History: the entry after seal {walk.seals} can't be read at all.")
    if told > MOST:
        yield Finding(False, f"History: {told - MOST} more such places.")
    if told:
        yield Finding(
            False,
            "History is not as it was written. Compare it with a backup or an export of before.",
        )
    else:
        end = f" The newest seal is {walk.seals}: {walk.newest}" if walk.seals else ""
        yield Finding(True, f"History is whole: {walk.seals} entries, each sealed with the one before.{end}")


def _words(found: Break) -> str:
    at = f"{found.at:%Y-%m-%d %H:%M} UTC" if found.at else ""
    return _WORDS[found.kind].format(
        entry=found.entry, what=found.what, at=at, count=found.count, place=found.place
    )
