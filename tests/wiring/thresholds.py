"""How the thresholds were found: what each of them, moved alone, makes of the public data.

`python -m tests.wiring.thresholds` prints one line for each value. In the range of values that lose no right binding,
`strong` is the highest, because a binding that is not made can be asked for and a wrong one cannot be seen; the others
lie inside the range, away from both ends.
"""

from dataclasses import fields, replace

from smgen.wiring import Thresholds, UnifiedDependencyResolver
from tests.wiring.corpus import artifact_types, table_of

VALUES = {
    "strong": range(45, 111, 5),
    "margin": range(2, 31, 2),
    "contest": range(10, 61, 5),
    "plausible": range(5, 66, 5),
}


def main() -> None:
    default = Thresholds()
    print(f"{'threshold':12}{'value':>6}   right, wrong, questionable, ambiguous, open, unlabelled: one type / typed")
    for name in (item.name for item in fields(Thresholds)):
        chosen = int(getattr(default, name))
        for value in sorted({*VALUES[name], chosen}):
            moved = replace(default, **{name: value})
            rows = [
                table_of(typed, UnifiedDependencyResolver(artifact_types(typed), thresholds=moved)).row()
                for typed in (False, True)
            ]
            print(f"{name:12}{value:>6}   {rows[0]} / {rows[1]}{'   <- default' if value == chosen else ''}")


if __name__ == "__main__":
    main()
