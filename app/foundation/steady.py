"""What keeps a long-running process prompt while many threads work in it."""

import gc
import sys

# Seconds that a busy thread keeps the interpreter while others wait for it (Python's own: 0.005). A post that
# is due asks the database a dozen things and has to get its turn again after each: beside an export and five
# people who browse that adds up to the half second in which it should be out.
_SWITCH_AFTER = 0.001


def keep_prompt() -> None:
    """To be called once everything is loaded and runs."""
    sys.setswitchinterval(_SWITCH_AFTER)
    # What was loaded stays: without this the collector walks through all of it again and again.
    gc.freeze()
