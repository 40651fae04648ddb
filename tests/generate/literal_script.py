"""Prints literals, docstrings and comments of a file's texts; runs on a bare Python, without smgen's dependencies."""

import json
import sys
import types


def main(literals: str, texts: str) -> None:
    documents = types.ModuleType("smgen.documents")
    vars(documents)["JsonValue"] = object
    sys.modules["smgen"] = types.ModuleType("smgen")
    sys.modules["smgen.documents"] = documents
    functions: dict[str, object] = {}
    with open(literals, encoding="utf-8") as file:  # noqa: PTH123  # as plain as it can be
        exec(compile(file.read(), literals, "exec"), functions)
    with open(texts, encoding="utf-8") as file:  # noqa: PTH123  # as above
        given = json.load(file)
    out: list[str] = []
    for text in given:
        for name in ("python_literal", "comment"):
            function = functions[name]
            assert callable(function)
            out.append(str(function(text)))
        docstring = functions["docstring"]
        assert callable(docstring)
        out += [str(docstring(text, indent)) for indent in (0, 4, 8)]
    sys.stdout.buffer.write(json.dumps(out).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
