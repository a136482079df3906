"""The mix: the share of human posts of the whole, on one channel over a rolling window; never of one post."""

from dataclasses import dataclass
from datetime import timedelta

from app.domain.results import ToneCount

WINDOW = timedelta(days=28)
LEAST = 10  # posts in the window before anything is said
_Z80 = 1.2815515655446004  # the normal's 90th percentile: 80 % lie between it and its mirror image


@dataclass(frozen=True)
class Target:
    """The share of human posts that is wanted, as a range from 0 to 1."""

    low: float
    high: float


# Where no strategy names a range:
# wide, because every rule of thumb (thirds, 5-3-2) lies at one of its ends, and none has data behind it.
USUAL = Target(0.3, 0.7)


@dataclass(frozen=True)
class Mix:
    """How it is on one channel. `share` and the 80 % interval `low` to `high`: 0 to 1, None without posts."""

    counted: ToneCount
    target: Target
    share: float | None
    low: float | None
    high: float | None

    @property
    def too_little_human(self) -> bool:
        """Whether to warn: at least 10 posts, and the whole interval lies below the target."""
        return self._warns and self.high is not None and self.high < self.target.low

    @property
    def too_much_human(self) -> bool:
        """Whether to warn: at least 10 posts, and the whole interval lies above the target."""
        return self._warns and self.low is not None and self.low > self.target.high

    @property
    def _warns(self) -> bool:
        return self.counted.known >= LEAST


def mix(counted: ToneCount, target: Target = USUAL) -> Mix:
    """The share with Wilson's score interval (80 %). Posts of unknown tone are counted and left out of it."""
    n = counted.known
    if not n:
        return Mix(counted, target, None, None, None)
    share = counted.human / n
    low, high = wilson(share, n)
    return Mix(counted, target, share, low, high)


def wilson(share: float, n: int, z: float = _Z80) -> tuple[float, float]:
    """Wilson's score interval of a share of n: never outside 0 to 1, and honest for small n."""
    spread = z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * ((share * (1 - share) + spread / 4) / n) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)
