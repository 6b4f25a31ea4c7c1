"""``python -m verify`` is the command ``verify``."""

import sys

from verify.cli import main

sys.exit(main())
