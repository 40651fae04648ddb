"""``python -m smgen`` is the command ``smgen``."""

from __future__ import annotations

from smgen.cli import main

if __name__ == "__main__":
    main()
