r"""What the commands share: selections of claims, the place of the store, and how a command is declared."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

SCHEMA = 1  # of what --json prints
STORE = Path(".verify")


def add(commands: Any, name: str, command: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(command=command)
    return parser


def add_selection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("selection", nargs="*", help="claims by name, or files and folders of claims (default: all)")


def add_store(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", type=Path, default=STORE, help="folder of the evidence store (default: .verify)")
