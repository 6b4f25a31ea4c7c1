r"""Makes the fonts of the report; run by hand, with the two folders below, where fontTools and brotli are installed.

    pip install ziamath fonttools brotli && npm pack @fontsource/stix-two-text@5.3.0 && tar xzf fontsource-*.tgz
    python make_fonts.py SITE_PACKAGES/ziamath/fonts package/files

STIX Two Math is cut down to what MathML needs here: Latin, Greek, the mathematical alphabets, operators and arrows, with
its MATH table and the variants that stretch.  STIX Two Text is already cut down to Latin and only copied.  Both are
under the SIL Open Font License, OFL.txt, which allows subsets that are not sold by themselves.
"""

import shutil
import sys
from pathlib import Path

RANGES = (
    (0x20, 0x7E), (0xA0, 0xFF), (0x2B9, 0x2DD), (0x300, 0x338), (0x391, 0x3F6), (0x2010, 0x2057), (0x2061, 0x2064),
    (0x2070, 0x209C), (0x2100, 0x214F), (0x2190, 0x21D5), (0x2200, 0x22FF), (0x2308, 0x230B), (0x25A0, 0x25FF),
    (0x2713, 0x2718), (0x27E8, 0x27EB), (0x27F5, 0x27FC), (0x2A7D, 0x2A7E), (0x2AAF, 0x2AB0), (0x1D400, 0x1D467),
    (0x1D49C, 0x1D4CF), (0x1D504, 0x1D56B), (0x1D6A4, 0x1D6DB), (0x1D6FC, 0x1D71B), (0x1D7CE, 0x1D7E1),
)  # fmt: skip
FEATURES = ["ssty", "dtls", "flac", "kern", "mark", "mkmk", "ccmp"]
TEXT = {"400-normal": "text", "400-italic": "text-italic", "600-normal": "text-semibold"}


def main(math: Path, text: Path) -> None:
    from fontTools import subset  # type: ignore[import-untyped, import-not-found, unused-ignore]

    options = subset.Options(
        flavor="woff2", layout_features=FEATURES, notdef_outline=True, glyph_names=False, hinting=False
    )
    font = subset.load_font(str(math / "STIXTwoMath-Regular.ttf"), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[point for first, last in RANGES for point in range(first, last + 1)])
    subsetter.subset(font)
    here = Path(__file__).parent
    subset.save_font(font, str(here / "math.woff2"), options)
    for source, target in TEXT.items():
        shutil.copyfile(text / f"stix-two-text-latin-{source}.woff2", here / f"{target}.woff2")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
