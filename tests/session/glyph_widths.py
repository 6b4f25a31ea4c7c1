r"""Measures the letters of DejaVu Sans for the test of the badge: python tests/session/glyph_widths.py DejaVuSans.ttf

The answer is kept in ``glyph_widths.json``.  Needs fontTools, which nothing else here does.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(path: str) -> None:
    from fontTools.ttLib import TTFont

    font = TTFont(path)
    glyphs, advances = font.getBestCmap(), font["hmtx"]
    found = {
        "font": f"{font['name'].getDebugName(1)}, {font['name'].getDebugName(5)}",
        "units": font["head"].unitsPerEm,
        "advances": {chr(code): advances[glyphs[code]][0] for code in range(32, 127)},
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
