"""By what a secret is known: the name that it stands under, and its form."""

from __future__ import annotations

import re
from typing import Final

# The names of secrets as words, in the order of words. What stands before them says whose it is (`db_password`); what
# stands after them mostly makes it something else (`secret_name`, `token_count`), so that they end the name.
_SECRET_WORDS: Final = (
    ("password",),
    ("passwd",),
    ("passphrase",),
    ("passcode",),
    ("pwd",),
    ("secret",),
    ("secrets",),
    ("token",),
    ("apikey",),
    ("credential",),
    ("credentials",),
    ("api", "key"),
    ("secret", "key"),
    ("access", "key"),
    ("private", "key"),
    ("auth", "key"),
    ("account", "key"),
    ("shared", "key"),
    ("signing", "key"),
    ("service", "key"),
    ("license", "key"),
    ("secretkey",),
    ("accesskey",),
    ("privatekey",),
    ("authtoken",),
    ("accesstoken",),
)
# Words that may follow the secret's without changing what it is.
_NEUTRAL: Final = frozenset({"value", "text", "string", "plain", "plaintext", "raw", "base64", "b64"})
# Tokens of language models, and of listings: `eos_token`, `pad_token`, `next_token`.
_NO_SECRET_TOKEN: Final = frozenset(
    {
        *("pad", "eos", "bos", "unk", "cls", "sep", "mask", "eot", "eod", "start", "end", "stop", "begin", "special"),
        *("image", "audio", "video", "text", "prompt", "extra", "additional", "first", "last", "next", "continuation"),
        *("separator", "sentinel", "delimiter", "padding", "unknown", "placeholder", "trigger", "initializer"),
        *("max", "min", "num", "new", "per", "by", "of", "no", "input", "output", "default", "class", "word", "char"),
        *("bpe", "decoder", "encoder", "vocab", "instance", "target", "query", "response", "cost", "price"),
    }
)
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def secret_name(name: str) -> bool:
    """Whether the name of a variable, a parameter or an argument says that its value is a secret.

    Names are compared by words: `DB_PASSWORD`, `dbPassword` and `--api-key` are, `max_tokens`, `tokenizer`,
    `secret_name`, `password_arn` and `eos_token` are not.
    """
    words = [word.lower() for word in _WORD.findall(name[-200:])]
    while words and (words[-1] in _NEUTRAL or words[-1].isdigit()):
        words.pop()
    if not words:
        return False
    if words[-1] == "token" and len(words) > 1 and words[-2] in _NO_SECRET_TOKEN:
        return False
    # `PGPASSWORD` and the like are written as one word.
    if words[-1].endswith(("password", "passwd", "passphrase")):
        return True
    return any(tuple(words[-len(secret) :]) == secret for secret in _SECRET_WORDS)


# A run of characters is looked at from its start only, so that no text takes more than linear time.
_FORMS: Final = (
    ("an AWS access key", re.compile(r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])"), ("AKIA", "ASIA")),
    (
        "a private key",
        re.compile(r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
        ("PRIVATE KEY",),
    ),
    (
        "a JSON web token",
        re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}"),
        ("eyJ",),
    ),
    (
        "a GitHub token",
        re.compile(r"(?<![A-Za-z0-9_])(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22})"),
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    ),
    ("a GitLab token", re.compile(r"(?<![A-Za-z0-9_-])glpat-[A-Za-z0-9_-]{20}"), ("glpat-",)),
    ("a Slack token", re.compile(r"(?<![A-Za-z0-9])xox[abeoprs]-[A-Za-z0-9-]{10,}"), ("xox",)),
    (
        "a Slack web hook",
        re.compile(r"https://hooks\.slack\.com/(?:services|workflows)/T[A-Z0-9]{6,20}/[A-Za-z0-9]{6,20}/"),
        ("hooks.slack.com",),
    ),
    ("a Hugging Face token", re.compile(r"(?<![A-Za-z0-9_])hf_[A-Za-z0-9]{30}"), ("hf_",)),
    ("a Google API key", re.compile(r"(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"), ("AIza",)),
)
_SIGNS: Final = tuple(sign for *_, signs in _FORMS for sign in signs)
# The form ends with what stands for the password; user names and passwords in practice are shorter.
_CONNECTION: Final = re.compile(
    r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,30}://[^\s:/@?#]{0,100}:(?P<password>[^\s/@]{1,200})@"
)
_CONNECTION_SETTING: Final = re.compile(
    r"(?:^|[;\s])(?:password|pwd|accountkey|sharedaccesskey)\s?=\s?(?P<password>[^;\s]{1,200})", re.IGNORECASE
)
# What a person, a template or AWS's documentation writes in the place of a secret.
_STAND_IN: Final = re.compile(
    r"\$\{.*\}|\$[A-Za-z_][A-Za-z0-9_]*|\$\(.*\)|%[A-Za-z_()0-9]+%?s?|\{.*\}|<.*>|\[.*\]|\*+|x+|\.+|-+"
    r"|change[-_ ]?me|replace[-_ ]?me|placeholder|redacted|masked|secret|password|token|your[-_ ].*|todo|tbd"
    r"|none|null|nil|true|false|yes|no|on|off|enabled|disabled|n/?a|empty|unset|default|auto|[0-9]{1,3}",
    re.IGNORECASE | re.DOTALL,
)
# References to a place that keeps the secret, and other values that are none.
_REFERENCE: Final = re.compile(
    r"arn:aws[a-z-]*:.*|\{\{.*|(?:s3|ssm|file|secretsmanager|secrets-manager|vault|ecs|gs)://.*|/[^\s]*/[^\s]*"
    r"|resolve:.*|ssm:.*|vault:.*|-----BEGIN (?:[A-Z]+ )?(?:PUBLIC KEY|CERTIFICATE)-----.*",
    re.DOTALL,
)
_EXAMPLE: Final = "EXAMPLE"
# A path in small letters under a name that ends like this is the name of a secret that is kept elsewhere.
_KEPT_ELSEWHERE: Final = ("secret", "secrets", "credential", "credentials")
_PATH: Final = re.compile(r"[a-z0-9_.-]+(?:/[a-z0-9_.-]+)+")


def secret_form(text: str) -> str | None:
    """What kind of secret a text has the form of, or holds: `a private key`, `a JSON web token`; None for none.

    Credentials of AWS's documentation, which end with EXAMPLE, and passwords that a template fills in are none.
    """
    for what, form, signs in _FORMS if any(map(text.__contains__, _SIGNS)) else ():
        if any(sign in text for sign in signs):
            found = form.search(text)
            if found is not None and not found[0].endswith(_EXAMPLE):
                return what
    if "://" in text and "@" in text:
        for found in _CONNECTION.finditer(text):
            if not is_stand_in(found["password"]):
                return "a connection string with a password"
    if "=" in text and ";" in text:
        for found in _CONNECTION_SETTING.finditer(text):
            if not is_stand_in(found["password"]):
                return "a connection string with a password"
    return None


def secret_value(name: str, text: str) -> bool:
    """Whether a text under a name is a secret because of the name: not a stand-in, not where the secret is kept."""
    if not secret_name(name) or is_stand_in(text):
        return False
    return not (name.lower().endswith(_KEPT_ELSEWHERE) and _PATH.fullmatch(text[:3_000]))


def is_stand_in(text: str) -> bool:
    """Whether a text under the name of a secret is none: a template, a switch, or a reference to where it is kept."""
    # What is longer is no word and no reference, and the patterns need not read it.
    short = text[:3_000].strip()
    return not short or bool(_STAND_IN.fullmatch(short) or _REFERENCE.fullmatch(short))
