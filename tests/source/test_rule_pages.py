"""The pages of the source rules: what they call wrong is found, what they call right is silent."""

import re

import pytest

from smgen.source import check_source
from tests.project.checkout import CHECKOUT


def snippet(rule: str, title: str) -> str:
    page = (CHECKOUT / "docs" / "rules" / f"{rule}.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {title}\n\n```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert found is not None
    return "from smgen.runtime import join\n" + found[1]


FIXES = {
    "SMG220": [
        "write (error >= 0) & (error <= limit)",
        "write (0 <= error) & (error <= limit)",
        'write gate = p.condition("…", error <= limit) and add steps to gate.then and gate.otherwise',
    ],
    "SMG221": [
        'write join("/", raw, f"{env.name}.csv")',
        'write steps.processed_data / "train.csv"; where a text belongs, '
        'join("/", steps.processed_data.location, "train.csv")',
        'write join("", "nothing in ", raw)',
    ],
}


@pytest.mark.parametrize("rule", FIXES)
def test_the_page_of_a_rule(rule: str) -> None:
    assert [(item.rule, item.fix) for item in check_source(snippet(rule, "Wrong"), "m.py")] == [
        (rule, fix) for fix in FIXES[rule]
    ]
    assert check_source(snippet(rule, "Right"), "m.py") == ()
