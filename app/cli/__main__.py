"""`python -m app.cli`: the same as `kuliss`."""

import sys

from app.cli import main

sys.exit(main())
