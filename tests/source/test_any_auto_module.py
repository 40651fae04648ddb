"""Random pipeline modules: what is written means what was asked for, and nothing else of the text changes."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import event, given, strategies as st

from smgen.source import write_references
from tests.source.pipeline_recorder import FILE, Reference, facts, recorded

#: Where a new variable may be written, and where AUTO stands; taken out of the template to make the module.
KEEP, ASK = "§keep§", "§auto§"
IMPORTS = [
    ("from smgen.runtime import AUTO\n", "AUTO"),
    ("from smgen.runtime import AUTO, join  # both\n", "AUTO"),
    ("from smgen.runtime import (\n    join,  # texts\n    AUTO as ask,  # ask\n)\n", "ask"),
    ("import smgen.runtime as rt\n", "rt.AUTO"),
    ("import smgen.runtime\n", "smgen . runtime.AUTO"),
]
NAMES = ["a", "b", "prep", "s0", "s1"]


@dataclass
class Module:
    """A template, and the ports that are asked for with what they are to read."""

    imports: str
    template: str
    auto: str
    #: Whether every port can be written.
    tame: bool
    sources: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def text(self) -> str:
        return self.imports + self.template.replace(KEEP, "").replace(ASK, self.auto)

    def allows(self, text: str) -> bool:
        """Whether a text differs from the module only where it may; the lines of the import are not looked at."""
        pattern = re.escape(self.template).replace(re.escape(KEEP), r"(?:[a-z]\w* = )?")
        pattern = pattern.replace(re.escape(ASK), r"[a-z]\w*\.out\d+")
        return re.fullmatch(r"(?:(?:from|import) .*|    \w.*|    #.*|\)|#.*|\r?\n)*?" + pattern, text) is not None


Wrap = Callable[[str, int], str]
#: Statements around a call; after the first three every later step still sees the variable.
WRAPS: list[Wrap] = [
    lambda line, _: line,
    lambda line, _: f"with open('/dev/null'):\n{textwrap.indent(line, '  ')}",
    lambda line, _: f"# above\n\n{line}# below\n",
    lambda line, _: f"if env:  # always\n{textwrap.indent(line, '	')}",
    lambda line, number: f"for _ in [{number}]:\n{textwrap.indent(line, '    ')}",
    lambda line, number: f"def f{number}():\n{textwrap.indent(line, '    ')}\nf{number}()\n",
    lambda line, number: f"def f{number}(a='é', prep=1):\n{textwrap.indent(line, '    ')}\nf{number}()\n",
    lambda line, number: f"try:\n{textwrap.indent(line, '    ')}\nfinally:\n    prep = {number}\n",
]
#: How what the call returns is kept; the first five can have a second variable.
KEPT = [
    KEEP + "{}",
    KEEP + "{name} = {}",
    KEEP + "{name} = {other} = {}",
    KEEP + "x.{name} = {}",
    "y = 'ü'; " + KEEP + "{name} = ({}) ;",
    "{name}: object = {}",
    "print({name} := {})",
    "{name}, y = {}, 1",
]
CALLS = [
    'p.add_step("{step}", {builder})',
    'p.add_step(\n    "{step}",  # {step}\n    builder={builder},\n)',
    '(p\n    .add_step("{step}", {builder}, cache=1))',
    'p.then.add_step("{{}}".format("{step}"),\n {builder})',
]
BUILDERS = [
    "m.StepBuilder({ports})",
    "m . StepBuilder(1, {ports}\n  # end\n )",
    'm.StepBuilder({ports}).with_output_locations(x="ä")',
]


@st.composite
def modules(draw: st.DrawFn) -> Module:
    imports, auto = draw(st.sampled_from(IMPORTS))
    count = draw(st.integers(2, 6))
    lines: list[str] = ["class x: pass\n"]
    sources: dict[str, str] = {}
    wild = draw(st.booleans())
    for number in range(count):
        step = f"S{number}"
        ports: list[str] = []
        for port in range(draw(st.integers(0, 2)) if number else 0):
            producer = draw(st.integers(0, count - 1 if wild else number - 1))
            if producer != number:
                sources[f"{step}.p{port}"] = f"S{producer}.out{port}"
                ports.append(
                    draw(st.sampled_from([f"p{port}={ASK}", f"p{port} = ({ASK} )", f'o{port}="é", p{port}={ASK}']))
                )
        builder = draw(st.sampled_from(BUILDERS)).format(ports=", ".join(ports) or 'z="\\x00"')
        before = ""
        if draw(st.integers(0, 4)) == 0:
            variable = draw(st.sampled_from(NAMES))
            before, builder = f"{variable} = {builder}\n", variable
        call = draw(st.sampled_from(CALLS)).format(step=step, builder=builder)
        names = [draw(st.sampled_from(NAMES)) for _ in range(2)]
        kept = draw(st.sampled_from(KEPT if wild else KEPT[:5])).format(call, name=names[0], other=names[1])
        lines.append(draw(st.sampled_from(WRAPS if wild else WRAPS[:3]))(f"{before}{kept}\n", number))
    body = textwrap.indent("".join(lines), draw(st.sampled_from(["    ", "\t"])))
    template = f"\n\ndef pipeline(p, env):\n{body}"
    if draw(st.booleans()):
        template = template.rstrip("\n")
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return Module(imports.replace("\n", end), template.replace("\n", end), auto, not wild, sources)


@given(modules())
def test_only_what_was_asked_for_changes(module: Module) -> None:
    before = recorded(module.text)
    edits, steps = facts(before, module.sources)
    result = write_references(module.text, FILE, edits, steps)
    event("refused" if result.findings else "written")
    if result.findings:
        assert not module.tame
        assert {item.rule for item in result.findings} == {"SMG224"}
        assert (result.text, result.references) == (module.text, ())
        return
    after = recorded(result.text)
    for step, ports in before.ports.items():
        wanted = {port: module.sources.get(f"{step}.{port}") for port in ports}
        expected = {
            port: ports[port] if source is None else Reference(*source.split(".")) for port, source in wanted.items()
        }
        assert after.ports[step] == expected
    assert module.allows(result.text)
    assert len(result.references) == len(module.sources)
    lines = result.text.replace("\r\n", "\n").split("\n")
    assert all(item.expression in lines[item.line - 1] for item in result.references)
