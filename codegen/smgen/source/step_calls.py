"""The calls in a module that add steps, and the AUTO that each of them was given for a port."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from smgen.source.auto_edits import WrittenStep
from smgen.source.module_names import ModuleNames, NameBinding

#: The methods that add a step with outputs; what ``adopt`` takes writes no name.
_ADDING = ("add_step", "adopt")
_AUTO = "AUTO"


@dataclass(frozen=True, slots=True, eq=False)
class StepCall:
    """A call of `add_step` in a module, and the steps of all builds that it made."""

    node: ast.Call
    steps: tuple[WrittenStep, ...]


@dataclass(frozen=True, slots=True)
class AutoPlace:
    """The expression that a port was given. Where it is no AUTO that can be replaced, `problem` says why."""

    node: ast.expr | None
    problem: str | None = None


@dataclass(slots=True)
class StepCalls:
    """The calls of one module; `steps` are those that its `add_step` calls made."""

    names: ModuleNames
    steps: Iterable[WrittenStep]
    calls: list[StepCall] = field(init=False)
    _by_step: dict[WrittenStep, StepCall] = field(init=False)

    def __post_init__(self) -> None:
        nodes: dict[int, list[ast.Call]] = {}
        for node in ast.walk(self.names.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ADDING:
                # Python gives the line of the method's name, or (3.10, for a call with keywords) the call's first.
                for line in dict.fromkeys((node.lineno, node.func.end_lineno or node.lineno)):
                    nodes.setdefault(line, []).append(node)
        found: dict[ast.Call, list[WrittenStep]] = {}
        for step in dict.fromkeys(self.steps):
            call = _call_of(step, nodes)
            if call is not None:
                found.setdefault(call, []).append(step)
        self.calls = [StepCall(node, tuple(steps)) for node, steps in found.items()]
        self._by_step = {step: call for call in self.calls for step in call.steps}

    def call_of(self, step: WrittenStep) -> StepCall | None:
        """The call that added a step; None where it cannot be told."""
        return self._by_step.get(step)

    def auto(self, call: StepCall, port: str) -> AutoPlace:
        """Where AUTO stands that this call gave to a port of its step."""
        builder = _builder(call.node)
        while builder is not None:
            if isinstance(builder, ast.NamedExpr):
                builder = builder.value
            elif isinstance(builder, ast.Name):
                value = self._value(builder)
                if value is None:
                    return AutoPlace(None, f"the builder '{builder.id}' is not made in one place above this call")
                builder = value
            elif isinstance(builder, ast.Call):
                given = next((item.value for item in builder.keywords if item.arg == port), None)
                # A method such as with_output_locations may have an argument of the port's name.
                if given is not None and self._is_auto(given):
                    return AutoPlace(given)
                inner = self._before_method(builder)
                if given is not None and inner is None:
                    return AutoPlace(given, f"{port}= is given something else than the imported AUTO")
                if inner is None:
                    return AutoPlace(None, f"the builder's call does not write {port}=AUTO")
                builder = inner
            else:
                break
        return AutoPlace(None, "the step's builder is not made by a plain call")

    def imports(self, auto: ast.expr) -> Iterator[ast.alias]:
        """The imports that give an AUTO its name."""
        base = _base(auto)
        owner = None if base is None else self.names.owner(base.id, base)
        if base is not None and owner is not None:
            for binding in self.names.in_scope(owner, base.id):
                if isinstance(binding.node, ast.alias):
                    yield binding.node

    def _value(self, name: ast.Name) -> ast.expr | None:
        """The expression whose value a variable certainly has where it is read."""
        owner = self.names.owner(name.id, name)
        if owner is None:
            return None
        bindings: list[NameBinding] = self.names.in_scope(owner, name.id)
        return next(
            (one.value for one in bindings if one.value is not None and self.names.reaches(one, owner, name)), None
        )

    def _before_method(self, call: ast.Call) -> ast.expr | None:
        """The builder whose method is called; None for a call that makes a builder."""
        if not isinstance(call.func, ast.Attribute):
            return None
        value = call.func.value
        if isinstance(value, (ast.Call, ast.NamedExpr)):
            return value
        if isinstance(value, ast.Name) and self._value(value) is not None:
            return value
        return None

    def _is_auto(self, node: ast.expr) -> bool:
        """Whether an expression is AUTO by an import of this module, under whatever name."""
        base = _base(node)
        if base is None:
            return False
        owner = self.names.owner(base.id, base)
        if owner is None:
            return self.names.has_star and node is base and base.id == _AUTO
        nodes = [binding.node for binding in self.names.in_scope(owner, base.id)]
        if not all(isinstance(one, ast.alias) for one in nodes):
            return False
        if isinstance(node, ast.Attribute):
            return node.attr == _AUTO
        return all(isinstance(one, ast.alias) and one.name == _AUTO for one in nodes)


def _call_of(step: WrittenStep, calls: Mapping[int, list[ast.Call]]) -> ast.Call | None:
    """The call on the step's line; of several the one that writes the step's name, or the only one that computes it."""
    here = calls.get(step.line, [])
    names = {node: _name(node) for node in here}
    literal = [node for node, name in names.items() if name == step.step]
    computed = [node for node, name in names.items() if name is None]
    fitting = literal or computed
    return fitting[0] if len(fitting) == 1 else None


def _name(call: ast.Call) -> str | None:
    """The name that a call of add_step writes for its step; None where it is computed."""
    named = [item.value for item in call.keywords if item.arg == "name"]
    for given in (*call.args[:1], *named):
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            return given.value
    return None


def _builder(call: ast.Call) -> ast.expr | None:
    """The builder that a call of add_step is given; None where it is unpacked from something."""
    named = [item.value for item in call.keywords if item.arg == "builder"]
    given = call.args[1:2] or named
    starred = any(isinstance(item, ast.Starred) for item in call.args[:2])
    return None if starred or not given else given[0]


def _base(node: ast.expr) -> ast.Name | None:
    """The first name of a dotted one; None for any other expression."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node if isinstance(node, ast.Name) else None
