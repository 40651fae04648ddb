"""Texts that try to get out of a literal, a docstring or a comment."""

from hypothesis import strategies as st

CODE = "__import__('builtins').__dict__.update(pwned=1)"

NASTY = (
    '"""',
    "'''",
    f'"""\n{CODE}\n"""',
    f'"\n{CODE}\n"',
    f"'\n{CODE}\n'",
    f'\\"\\"\\"\n{CODE}',
    '\\"""',
    "ends with a backslash \\",
    'ends with a quote "',
    '"starts with a quote',
    "smgentext000000",
    "smgenname000000 SmgenName000001",
    '"smgentext000001"',
    "{{ 7 * 7 }}{% raw %}{# x #}",
    f"#\r{CODE}",
    f"a\u2028{CODE}\u2029{CODE}\x85{CODE}\x0b{CODE}\x0c{CODE}",
    "a\x00b\x1a\x7f",
    "\u202eright to left\u202c\u2066x\u2069",
    "{x}%s%(y)s$z`w`",
    "f'{1}' \\N{BULLET} \\u0041 \\x41 \\101",
    "# type: ignore",
    "\U0001f600\ufeff\u0301\u00a0",
    "x" * 5_000,
    "- a\n- b\n\n\n\n- c",
)

characters = st.characters(blacklist_categories=["Cs"])
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(characters, max_size=40),
    st.lists(
        st.sampled_from([*"\"'\\\n\r{}%#`$ -", '"""', "'''", "smgentext000000", "x", "\0", "\u2028"]), max_size=12
    ).map("".join),
)
visible_texts = texts.filter(lambda text: bool(text.strip()))
