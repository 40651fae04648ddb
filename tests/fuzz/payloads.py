"""Texts that would leave a file behind if anything evaluated them: as Python, as a template, in a shell, as YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Final

#: The file that an evaluated text makes, in the folder that the fuzzer works in.
CANARY: Final = "smgen_fuzz_canary"

_CALL: Final = f"__import__('pathlib').Path('{CANARY}').touch()"
_QUOTED: Final = f'__import__("pathlib").Path("{CANARY}").touch()'

PAYLOADS: Final = (
    _CALL,
    f"'+{_QUOTED}+'",
    f'"+{_CALL}+"',
    f'"""\n{_QUOTED}\n"""',
    f"'''\n{_CALL}\n'''",
    f"\n{_CALL}\n",
    f"\\\n{_CALL}#",
    f"x: int = {_CALL}",
    f"f'{{{_QUOTED}}}'",
    f"{{{{ {_CALL} }}}}",
    f"{{{{ cycler.__init__.__globals__.os.system('touch {CANARY}') }}}}",
    f"{{% set x = {_CALL} %}}",
    f"$(touch {CANARY})",
    f"`touch {CANARY}`",
    f"; touch {CANARY} #",
    f"!!python/object/apply:os.system ['touch {CANARY}']",
    "\x1b]0;pwned\x07\x1b[2J",
    "::error::pwned",
    "##vso[task.setvariable variable=x]y",
)


def was_evaluated(folder: Path) -> bool:
    """Whether some text left its file."""
    return (folder / CANARY).exists()
