"""The table of rules: every finding names one of these ids, and an id never changes its meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class Severity(str, Enum):
    """How much a finding weighs: only ERROR and WARNING ask for action."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `id` ("SMG101") is stable forever, `name` is its kebab-case name, `summary` is one sentence."""

    id: str
    name: str
    severity: Severity
    summary: str


_ERROR = Severity.ERROR
_WARNING = Severity.WARNING
_NOTE = Severity.NOTE

_TABLE: tuple[Rule, ...] = (
    # SMG1xx: contract documents, the project and what is generated from them.
    Rule("SMG100", "document-syntax", _ERROR, "A document is valid UTF-8 and valid JSON."),
    Rule("SMG101", "duplicate-key", _ERROR, "A key stands once in an object."),
    Rule("SMG102", "document-limits", _ERROR, "A document stays within the limits of size and nesting."),
    Rule("SMG103", "unknown-key", _ERROR, "An object has only the keys that its schema knows."),
    Rule("SMG104", "wrong-type", _ERROR, "A value has the type and the range that its schema asks for."),
    Rule("SMG105", "missing-key", _ERROR, "An object has every key that its schema requires."),
    Rule("SMG106", "bad-name", _ERROR, "A name can be used where it becomes an identifier."),
    Rule("SMG107", "name-collision", _ERROR, "Two things that share a namespace have different names."),
    Rule("SMG108", "unknown-kind", _ERROR, "A contract's kind is a step kind that SageMaker has."),
    Rule("SMG109", "unknown-artifact-type", _ERROR, "The type of a port is a declared artifact type or a scalar."),
    Rule("SMG110", "artifact-types", _ERROR, "The artifact types form a hierarchy in which every parent is declared."),
    Rule("SMG111", "bad-property-path", _ERROR, "A property path leads to a leaf of its kind's response."),
    Rule("SMG112", "bad-hole", _ERROR, "A hole in a request has a form that the hole grammar knows."),
    Rule("SMG113", "unknown-hole-name", _ERROR, "A hole names something that the contract declares."),
    Rule("SMG114", "unbound-name", _ERROR, "Every declared port and setting reaches the request."),
    Rule("SMG115", "bad-request-path", _ERROR, "Every member of a request exists in the shape that AWS documents."),
    Rule("SMG116", "bad-setting", _ERROR, "A setting's default, enum and range agree with each other and with AWS."),
    Rule("SMG117", "bad-value-schema", _ERROR, "A schema inside a contract uses what smgen supports."),
    Rule("SMG118", "path-leaves-root", _ERROR, "A path in a document is relative and stays inside its root folder."),
    Rule("SMG119", "missing-source", _ERROR, "The files that a contract names exist."),
    Rule("SMG120", "generated-missing", _ERROR, "Every generated file is there."),
    Rule("SMG121", "generated-changed", _ERROR, "Every generated file is what its contract generates today."),
    Rule("SMG122", "generated-extra", _ERROR, "The generated folder has no file that nothing generates."),
    Rule("SMG123", "foreign-file", _ERROR, "A folder that is written as a whole holds only files that smgen wrote."),
    Rule("SMG124", "bad-output-file", _ERROR, "A report file has a usable path, property file and schema."),
    Rule("SMG125", "unknown-contract", _ERROR, "A contract that is asked for by name is in the folder."),
    Rule("SMG126", "unpackable-source", _ERROR, "The files of a source can be packed: plain, readable, not too many."),
    Rule("SMG127", "reserved-name", _ERROR, "A hyperparameter has no name that the launch convention keeps."),
    Rule("SMG128", "bad-launch", _ERROR, "A source is launched in a way that its step kind and its files allow."),
    Rule("SMG129", "bad-metric", _ERROR, "A metric is one of a training step, and its regular expression has a group."),
    Rule("SMG130", "project-settings", _ERROR, "The settings under [tool.smgen] are complete and well typed."),
    Rule("SMG131", "generated-data", _ERROR, "The data files that ship with smgen match what their scripts make."),
    Rule("SMG132", "compiled-folder", _ERROR, "A compiled folder holds the assets of its manifest, as they were."),
    Rule("SMG133", "environments-differ", _ERROR, "Definitions that are imported as one pipeline have one structure."),
    Rule("SMG134", "not-importable", _ERROR, "Every text of an imported definition can be written to a file."),
    Rule("SMG135", "import-differs", _ERROR, "An imported pipeline compiles to the definition that it came from."),
    Rule("SMG139", "unread-contract", _WARNING, "A file that looks like a contract is one that is read."),
    Rule("SMG140", "stale-package", _ERROR, "A generated package is what its contracts say, as smgen wrote it."),
    Rule("SMG141", "unknown-account-value", _WARNING, "A region and a bucket have names that AWS gives today."),
    Rule("SMG142", "other-account", _ERROR, "An environment's account is the one that is asked."),
    Rule("SMG143", "role-of-another-account", _WARNING, "The role of an environment is one of its account."),
    # SMG2xx: wiring and source.
    Rule("SMG200", "duplicate-step-name", _ERROR, "Every step of a pipeline has a name of its own."),
    Rule("SMG201", "unresolved-auto", _ERROR, "Every required AUTO port has one clear producer."),
    Rule("SMG202", "foreign-reference", _ERROR, "A reference is used in the pipeline that made it."),
    Rule("SMG203", "branch-scope", _ERROR, "What a step inside a branch makes is used inside that branch only."),
    Rule("SMG204", "wrong-artifact-type", _ERROR, "A port is given an artifact of its type or of a subtype."),
    Rule("SMG205", "missing-input", _ERROR, "Every required port is given something."),
    Rule("SMG206", "unknown-output", _ERROR, "A reference names an output that the step has."),
    Rule("SMG207", "bad-value", _ERROR, "A value has the type and the range that its contract asks for."),
    Rule("SMG208", "variable-misused", _ERROR, "A pipeline variable is not used as a Python value."),
    Rule("SMG209", "duplicate-parameter", _ERROR, "Every parameter of a pipeline has a name of its own."),
    Rule("SMG210", "pipeline-function", _ERROR, "A listed pipeline is a function of a builder and an environment."),
    Rule("SMG211", "environment-value", _ERROR, "An environment has every value that its pipelines ask for."),
    Rule(
        "SMG212",
        "unknown-image",
        _ERROR,
        "An image is a URI, a name that the environment knows, or a public image of AWS.",
    ),
    Rule("SMG213", "step-cycle", _ERROR, "No step waits for itself, directly or through other steps."),
    Rule("SMG214", "unconsumed-output", _ERROR, "An output that must be consumed is consumed by some step."),
    Rule("SMG215", "empty-condition", _ERROR, "A condition step has a condition, and a step in one of its branches."),
    Rule("SMG216", "unknown-edge-step", _ERROR, "An edge of a DAG leads from one of its steps to another."),
    Rule("SMG217", "isolated-step", _WARNING, "Every step of a DAG has an edge to or from another one."),
    Rule("SMG218", "wiring-lock", _ERROR, "What AUTO ports are bound to is what smgen.lock says, where it has to be."),
    Rule("SMG219", "model-without-code", _ERROR, "A model that is served by a contract's code holds that code."),
    Rule("SMG220", "python-operator", _ERROR, "Conditions are combined with & | ~, not with and, or, not, chaining."),
    Rule("SMG221", "text-of-reference", _ERROR, "A reference is not made a text while the pipeline is written."),
    Rule("SMG222", "bad-loop", _ERROR, "A loop has items of one declared type, a concurrency, and a step in its body."),
    Rule("SMG223", "bad-cleanup", _ERROR, "A cleanup step names what SageMaker can find and delete."),
    Rule("SMG224", "unwritable-reference", _ERROR, "What an AUTO port is bound to can be written, in one way only."),
    Rule("SMG230", "adopted-step", _ERROR, "A step that was made with the SDK fits the contract it is adopted under."),
    Rule("SMG240", "start-parameter", _ERROR, "A start gives every parameter without a default a value of its type."),
    Rule("SMG250", "sdk-definition", _ERROR, "A definition can be expressed by the SDK that is installed."),
    Rule("SMG260", "test-value", _ERROR, "A test gives what an execution reads, as the contracts describe it."),
    Rule("SMG270", "script-syntax", _ERROR, "A script is Python that its image can read."),
    Rule("SMG271", "unread-script", _WARNING, "A script can be read, so that it is held against its contract."),
    Rule("SMG272", "unpacked-module", _ERROR, "What a script imports from beside it is packed with it."),
    Rule("SMG273", "missing-package", _WARNING, "What a script imports is in its image or its requirements."),
    Rule("SMG274", "script-argument", _ERROR, "A script takes what its contract sends, and is sent what it asks for."),
    Rule("SMG275", "doubtful-argument", _WARNING, "A script understands what its contract sends as it is meant."),
    Rule("SMG276", "script-environment", _ERROR, "A script is given the names without which it stops."),
    Rule("SMG277", "script-folder", _WARNING, "A script names folders that its contract's job has."),
    Rule("SMG278", "script-report", _ERROR, "A script writes the reports that its contract's schemas describe."),
    Rule("SMG279", "script-result", _WARNING, "What a script writes and prints is found under the contract's names."),
    Rule("SMG290", "unused-suppression", _WARNING, "A suppression silences at least one finding."),
    Rule("SMG291", "bad-suppression", _ERROR, "A suppression names a rule and gives a reason."),
    Rule("SMG292", "unreadable-pipeline", _ERROR, "A deployed pipeline can be read."),
    # SMG3xx: the pipeline definition.
    Rule("SMG300", "not-a-definition", _ERROR, "The document is a SageMaker pipeline definition."),
    Rule("SMG301", "undeclared-parameter", _ERROR, "Every parameter that is read is declared."),
    Rule("SMG302", "unread-parameter", _WARNING, "Every parameter that is declared is read by something."),
    Rule("SMG303", "unknown-step", _ERROR, "A reference or dependency names a step of the pipeline."),
    Rule("SMG304", "unknown-property", _ERROR, "A property path exists in the response of the step's kind."),
    Rule("SMG305", "non-leaf-property", _ERROR, "A property path leads to a single value."),
    Rule("SMG306", "undeclared-output", _ERROR, "A reference names an output that the step itself declares."),
    Rule("SMG307", "unknown-property-file", _ERROR, "A JsonGet reads a property file that its step declares."),
    Rule("SMG308", "step-out-of-scope", _ERROR, "A step inside a branch or loop is read inside it only."),
    Rule("SMG309", "loop-item-out-of-scope", _ERROR, "The current item of a loop is read inside its body only."),
    Rule("SMG310", "cycle", _ERROR, "No step waits for itself, directly or through others."),
    Rule("SMG311", "hidden-edge", _WARNING, "What one step writes is read through a reference to that step."),
    Rule("SMG312", "shared-location", _WARNING, "No two steps write to one place."),
    Rule("SMG313", "mixed-types", _ERROR, "The two sides of a condition have one type."),
    Rule("SMG314", "duplicate-name", _ERROR, "Names of steps, parameters, channels, inputs and outputs are unique."),
    Rule("SMG315", "malformed-expression", _ERROR, "A reference or condition has a form that SageMaker knows."),
    Rule("SMG316", "unknown-execution-variable", _ERROR, "A reference names an execution variable that exists."),
    Rule("SMG317", "unread-property-file", _NOTE, "Every property file that is declared is read by something."),
    Rule("SMG318", "empty-branches", _WARNING, "A condition step has a condition and a step to decide about."),
    Rule("SMG319", "unknown-step-kind", _NOTE, "The kind of a step is one that smgen knows and can check."),
    Rule("SMG320", "folder-for-file", _ERROR, "A container takes the file of a model, not the folder around it."),
    Rule("SMG321", "run-condition", _ERROR, "A step waits for one outcome of another, which SageMaker knows."),
    Rule("SMG322", "nested-condition", _WARNING, "Conditions stand side by side and not in each other's branches."),
    Rule("SMG323", "untyped-parameter", _WARNING, "Every parameter says its type."),
    Rule("SMG324", "shared-prefix", _WARNING, "A location that is read by prefix is no beginning of another one."),
    # SMG4xx: limits, names and policy of AWS.
    Rule("SMG400", "step-name", _ERROR, "A step's name fits SageMaker's pattern and length."),
    Rule("SMG401", "pipeline-name", _ERROR, "A pipeline's name fits SageMaker's pattern and length."),
    Rule("SMG402", "parameter-name", _ERROR, "A parameter's name fits SageMaker's pattern and length."),
    Rule("SMG403", "cache-settings", _ERROR, "Caching is asked only of kinds that cache, with a valid duration."),
    Rule("SMG404", "retry-settings", _ERROR, "Retries are asked only of kinds that retry, within SageMaker's limits."),
    Rule("SMG405", "step-text", _ERROR, "Display names and descriptions fit SageMaker's length and pattern."),
    Rule("SMG406", "too-many", _ERROR, "The number of things in a list or map stays within SageMaker's limits."),
    Rule("SMG407", "quota", _WARNING, "A pipeline stays within the quotas that an account has by default."),
    Rule("SMG408", "definition-size", _WARNING, "A definition is small enough to be sent in one request."),
    Rule("SMG410", "unknown-argument", _ERROR, "A step's arguments are members of its AWS request."),
    Rule("SMG411", "argument-type", _ERROR, "An argument has the type that the AWS request asks for."),
    Rule("SMG412", "missing-argument", _ERROR, "What the AWS request requires is there."),
    Rule("SMG413", "argument-value", _ERROR, "An argument is one of the values that AWS allows."),
    Rule("SMG414", "argument-pattern", _ERROR, "An argument matches AWS's pattern."),
    Rule("SMG415", "argument-range", _ERROR, "An argument is within AWS's length or range."),
    Rule("SMG416", "disagreeing-arguments", _ERROR, "Members of a request agree with each other as AWS asks."),
    Rule("SMG417", "doubtful-arguments", _WARNING, "Members of a request agree as AWS's documentation advises."),
    Rule("SMG418", "without-effect", _WARNING, "What is set has an effect."),
    Rule("SMG419", "cache-never-hits", _WARNING, "A cached step can be found again by a later execution."),
    Rule("SMG420", "clear-text-secret", _WARNING, "No secret stands in a definition in clear text."),
    Rule("SMG421", "gpu-without-gpu-image", _WARNING, "A machine with a GPU runs an image that can use it."),
    Rule("SMG425", "newer-than-the-table", _WARNING, "Members and machines are among those that smgen knows of AWS."),
    Rule("SMG430", "policy-network", _ERROR, "Jobs run in the network that the policy asks for."),
    Rule("SMG431", "policy-volume-key", _ERROR, "Volumes are encrypted with the key that the policy asks for."),
    Rule("SMG432", "policy-output-key", _ERROR, "Outputs are encrypted with the key that the policy asks for."),
    Rule("SMG433", "policy-tags", _ERROR, "Resources have the tags that the policy asks for."),
    Rule("SMG434", "policy-run-time", _ERROR, "Jobs have a maximum run time within the policy."),
    Rule("SMG435", "policy-instance-type", _ERROR, "Jobs run on instance types that the policy allows."),
    Rule("SMG436", "policy-image", _ERROR, "Jobs run images that the policy allows."),
    Rule("SMG437", "policy-count", _ERROR, "Counts of instances and tuning jobs stay within the policy."),
    # SMG5xx: how contracts change over time.
    Rule("SMG500", "bad-rename", _ERROR, "A rename leads from a name that is gone to one that exists."),
    Rule("SMG501", "renamed-name-used", _ERROR, "A name that was renamed away is not used again."),
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in _TABLE})
"""Every rule by its id, in the order of the ids."""
