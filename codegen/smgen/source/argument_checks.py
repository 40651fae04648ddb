"""What a contract sends on the command line, held against what its script takes there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from smgen.contract_model import StepContract
from smgen.diagnostics import Finding, counted, first_of, nearest_name
from smgen.source.argument_values import own_default_findings, value_findings
from smgen.source.command_lines import CommandLine, ExclusiveGroup, Option, is_joined
from smgen.source.script_sending import Sent, SentOption

_MOST_NAMED: Final = 20


def argument_findings(contract: StepContract, sent: Sent, line: CommandLine) -> Iterator[Finding]:
    """SMG274 for arguments that end the script, SMG275 for those that may or that mean something else to it."""
    yield from _ArgumentComparison(contract, sent, line).findings()


class _ArgumentComparison:
    def __init__(self, contract: StepContract, sent: Sent, line: CommandLine) -> None:
        self.contract = contract
        self.sent = sent
        self.line = line
        #: What is sent for each option, by its number.
        self.met: dict[int, list[SentOption]] = {}
        self.unknown: list[SentOption] = []
        self.ignored: list[SentOption] = []
        self.meant: list[tuple[SentOption, Option]] = []
        options = _before_rest(sent, line)
        for option in options:
            self._match(option)
        plain = len(options) == len(sent.options) and sent.whole
        #: Whether what is not seen to be sent is not sent.
        self.asks = line.read and plain and not line.commands and (line.by_place or not sent.loose)

    def _match(self, option: SentOption) -> None:
        matching = self.line.matching(option.flag)
        for number, taken in enumerate(self.line.options):
            if taken in matching:
                self.met.setdefault(number, []).append(option)
        if len(matching) == 1 and (not is_joined(option.flag) or option.flag in matching[0].flags):
            self.meant.append((option, matching[0]))
        elif not matching and self.line.whole and self.line.refuses:
            self.unknown.append(option)
        elif not matching and self.line.whole and self.line.read:
            self.ignored.append(option)

    def findings(self) -> Iterator[Finding]:
        for given, option in self.meant:
            yield from _count_findings(given, option, self.line)
            if option.values != 0:
                yield from value_findings(_taken(given, option), option, self.sent.written_by)
        yield from self.of_command()
        missing = [option for option in self.never_sent() if self.asks and option.required]
        yield from self.renamed(missing)
        for group in self.line.exclusive:
            yield from self.of_group(group)
        yield from (self.not_taken(given) for given in self.unknown)
        yield from (self.asked_for(option) for option in missing)
        yield from self.passed_over(missing)
        if self.asks:
            yield from self.sometimes()
            yield from self.by_place()
        for number, option in enumerate(self.line.options):
            if option.sure and self.asks:
                yield from own_default_findings(option, self.met.get(number, ()))

    def never_sent(self) -> Iterator[Option]:
        """The options that nothing is sent for, and that are there whenever the script reads its command line."""
        for number, option in enumerate(self.line.options):
            if option.flags and option.sure and number not in self.met:
                yield option

    # --- names ---

    def renamed(self, missing: list[Option]) -> Iterator[Finding]:
        """One finding for a flag that is not taken and the one that is asked for instead; both are taken off."""
        for option in (*self.unknown, *self.ignored):
            nearest = nearest_name(option.flag, [item.title for item in missing])
            for taken in (*missing,):
                if taken.title == nearest:
                    yield self.other_name(option, taken, missing)
                    break
        if len(self.unknown) == 1 and len(missing) == 1:
            yield self.other_name(self.unknown[0], missing[0], missing)

    def passed_over(self, missing: list[Option]) -> Iterator[Finding]:
        """SMG275 for a flag that a script passes over in silence, though it takes one of a similar name."""
        free = {flag: item for item in self.never_sent() for flag in item.flags if item not in missing}
        for option in self.ignored:
            # What the SDK sends to every TensorFlow script is not meant for all of them; a letter is like any other.
            asked = option.name != "model_dir" and len(option.name) > 1
            nearest = nearest_name(option.flag, sorted(free)) if asked else None
            if nearest is not None:
                yield Finding(
                    "SMG275",
                    f"the script passes over {option.flag}, which its contract sends, and takes {nearest}",
                    free[nearest].place,
                    given=self.as_sent(option),
                    given_at=option.place,
                    expected=nearest,
                    nearest=nearest,
                    fix=self.one_of_two_names(option, nearest),
                )

    def renamed_member(self, group: ExclusiveGroup) -> Finding | None:
        """The finding for a flag that is not taken, where a member of the group was probably meant."""
        members = {self.line.options[number].title: self.line.options[number] for number in group.members}
        for option in self.unknown:
            nearest = nearest_name(option.flag, list(members))
            if nearest is None and len(self.unknown) == 1:
                nearest = next(iter(members))
            if nearest is not None:
                return self.other_name(option, members[nearest], [members[nearest]])
        return None

    def other_name(self, option: SentOption, taken: Option, missing: list[Option]) -> Finding:
        (self.unknown if option in self.unknown else self.ignored).remove(option)
        missing.remove(taken)
        return Finding(
            "SMG274",
            f"the script asks for {taken.title}, and its contract sends {option.flag}, which the script does not take",
            taken.place,
            given=self.as_sent(option),
            given_at=option.place,
            expected=taken.title,
            nearest=taken.title,
            fix=self.one_of_two_names(option, taken.title),
        )

    def not_taken(self, option: SentOption) -> Finding:
        flags = sorted(set(self.line.flags()))
        free = {flag: item for item in self.never_sent() for flag in item.flags}
        nearest = nearest_name(option.flag, sorted(free))
        return Finding(
            "SMG274",
            f"the script does not take {option.flag}, which its contract sends",
            self.line.place if nearest is None else free[nearest].place,
            given=self.as_sent(option),
            given_at=option.place,
            expected=first_of(flags, _MOST_NAMED) or "no option",
            nearest=nearest,
            fix=f"add {option.flag} to the script, or leave it out of the contract"
            if nearest is None
            else self.one_of_two_names(option, nearest),
        )

    def as_sent(self, option: SentOption) -> str:
        if self.sent.written_by == "toolkit":
            return f"the contract sends the hyperparameter '{option.name}' as {option.flag}"
        return f"the contract sends {option.flag}"

    def one_of_two_names(self, option: SentOption, flag: str) -> str:
        there = f"send {flag} from the contract"
        if self.sent.written_by == "toolkit":
            there = f"call the hyperparameter '{flag.lstrip('-')}' in the contract"
        return f"rename {flag} to {option.flag} in the script, or {there}"

    def asked_for(self, option: Option) -> Finding:
        flags = [item.flag for item in self.sent.options]
        there = f"send {option.title} from the contract"
        if self.sent.written_by == "toolkit":
            there = f"add the hyperparameter '{option.title.lstrip('-')}' to the contract"
        return Finding(
            "SMG274",
            f"the script asks for {option.title}, which its contract never sends",
            option.place,
            given=first_of(flags, _MOST_NAMED) or "no argument",
            expected=option.title,
            expected_at=self.contract.place(),
            fix=f"{there}, or give {option.title} a default in the script",
        )

    def sometimes(self) -> Iterator[Finding]:
        for number, option in enumerate(self.line.options):
            given = self.met.get(number, [])
            if option.required and option.sure and given and not any(item.always for item in given):
                yield _only_sometimes(option.title, option, given[0])

    def of_command(self) -> Iterator[Finding]:
        """A first argument that is none of the script's commands."""
        names, first = self.line.command_names, self.sent.first
        strict = self.line.read and self.line.whole and self.line.refuses
        if strict and names and first is not None and first not in names:
            yield Finding(
                "SMG274",
                f"the script has no command '{first}', which its contract sends",
                self.line.place,
                given=first,
                given_at=self.contract.place("/request"),
                expected=first_of(sorted(names), _MOST_NAMED),
                nearest=nearest_name(first, names),
            )

    # --- arguments that are told by their place ---

    def by_place(self) -> Iterator[Finding]:
        """What is asked for and does not come, and what comes and has no place."""
        taken = self.line.positionals()
        most, least = _loose(self.sent, self.line, at_most=True), _loose(self.sent, self.line, at_most=False)
        if most is None or least is None or not self.line.by_place:
            return
        missing = _not_reached(taken, most)
        if missing:
            yield self.not_come(missing, most)
        room = sum(option.values or 0 for option in taken)
        if least > room and self.line.whole and self.line.refuses and all(option.values for option in taken):
            sends = f"the contract sends {counted(least, 'argument')} without a flag"
            yield Finding(
                "SMG274",
                f"{sends}, and the script takes {room or 'none'}",
                self.line.place,
                given=counted(least, "argument"),
                given_at=self.contract.place("/request"),
                expected=", ".join(option.name for option in taken) or "flags only",
                fix="leave it out of the contract, or add an argument to the script",
            )

    def not_come(self, missing: list[Option], sent: int) -> Finding:
        names = ", ".join(option.name for option in missing)
        fix = f"send {names} from the contract"
        if self.sent.written_by == "toolkit":
            fix = f"write --{missing[0].name}: the training toolkit sends flags only"
        return Finding(
            "SMG274",
            f"the script asks for the argument{'s' * (len(missing) > 1)} {names}, and its contract sends "
            f"{counted(sent, 'argument') + ' without a flag' if sent else 'none'}",
            missing[0].place,
            given=first_of([item.flag for item in self.sent.options], _MOST_NAMED) or "no argument",
            expected=names,
            expected_at=self.contract.place(),
            fix=fix,
        )

    # --- options of which one is given ---

    def of_group(self, group: ExclusiveGroup) -> Iterator[Finding]:
        """What is wrong with the options of a group that are sent."""
        if not (group.sure and self.asks):
            return
        given = [(self.line.options[number], item) for number in group.members for item in self.met.get(number, ())]
        titles = [self.line.options[number].title for number in group.members]
        if group.required and not given:
            yield self.renamed_member(group) or self.none_of(group, titles)
        elif group.required and not any(item.always for _, item in given):
            yield _only_sometimes(" or ".join(titles), given[0][0], given[0][1])
        yield from self.more_than_one(group, titles)

    def more_than_one(self, group: ExclusiveGroup, titles: list[str]) -> Iterator[Finding]:
        members = [number for number in group.members if self.line.options[number].default is None]
        sent = {self.line.options[number].title: self.met.get(number, []) for number in members}
        always = {title: item for title, items in sent.items() for item in items if item.always}
        if len(always) > 1:
            first, second = (*always,)[:2]
            yield Finding(
                "SMG274",
                f"the script takes only one of {' and '.join(titles)}, and its contract sends {first} and {second}",
                group.place,
                given=f"{first}, {second}",
                given_at=always[second].place,
                expected=f"{first} or {second}",
            )

    def none_of(self, group: ExclusiveGroup, titles: list[str]) -> Finding:
        return Finding(
            "SMG274",
            f"the script asks for one of {' and '.join(titles)}, and its contract sends none",
            group.place,
            given=first_of([item.flag for item in self.sent.options], _MOST_NAMED) or "no argument",
            expected=" or ".join(titles),
            expected_at=self.contract.place(),
            fix="send one of them from the contract, or write required=False in the script",
        )


def _only_sometimes(title: str, option: Option, given: SentOption) -> Finding:
    return Finding(
        "SMG275",
        f"the script asks for {title}, which its contract sends only where a step sets it",
        option.place,
        given=given.name,
        given_at=given.place,
        expected="a value that is required in the contract, or has a default in one of the two",
    )


def _loose(sent: Sent, line: CommandLine, *, at_most: bool) -> int | None:
    """How many values reach the arguments that are told by their place, in a job with most or with least of them.

    None where that is not known.
    """
    count = sent.loose if at_most else sent.loose - sent.loose_sometimes
    for option in sent.options:
        matching = line.matching(option.flag)
        if not option.exact or len(matching) > 1 or is_joined(option.flag):
            return None
        left = len(option.values) if not matching else _left(option, matching[0])
        if left is None:
            return None
        # A value behind a flag that takes none, or is not taken, is told with the flag.
        if at_most or (option.always and matching and matching[0].values != 0):
            count += left
    return count


def _not_reached(taken: Iterable[Option], count: int) -> list[Option]:
    """The arguments that are asked for and are left without a value where so many come."""
    missing: list[Option] = []
    for option in taken:
        if option.least > count and option.sure:
            missing.append(option)
        count = max(0, count - option.least)
    return missing


def _before_rest(sent: Sent, line: CommandLine) -> Sequence[SentOption]:
    """The flags that are sent before an option, or an argument that is told by its place, takes all that follows."""
    takes_rest = any(option.rest for option in line.positionals())
    if takes_rest and sent.loose:
        # It is not known which flags stand before it.
        return ()
    for number, option in enumerate(sent.options):
        matching = line.matching(option.flag)
        beyond = takes_rest and (not matching or any(_left(option, taken) != 0 for taken in matching))
        if beyond or any(taken.rest for taken in matching):
            return sent.options[: number + 1]
    return sent.options


def _taken(sent: SentOption, option: Option) -> SentOption:
    """A flag with those of the values behind it that its option is sure to take; others are told by their place."""
    most = option.most if option.values is None else option.values
    if most is not None and not sent.exact:
        most = 1
    return replace(sent, values=sent.values[:most])


def _left(sent: SentOption, taken: Option) -> int | None:
    """How many of the values behind a flag its option does not take."""
    if taken.values is not None:
        return max(0, len(sent.values) - taken.values)
    if taken.type is None or (taken.most is None and len(sent.values) > 1):
        return None
    return len(sent.values[taken.most :]) if taken.most is not None else 0


def _count_findings(sent: SentOption, option: Option, line: CommandLine) -> Iterator[Finding]:
    """A value for an option that takes none, and too few for one that takes some."""
    if not sent.exact or not line.refuses or option.values is None:
        return
    if option.values == 0 and sent.values and not line.positionals() and not line.commands:
        yield Finding(
            "SMG274",
            f"{sent.flag} takes no value in the script, and its contract sends one",
            option.place,
            given=f"a value behind {sent.flag}",
            given_at=sent.place,
            expected=f"{sent.flag} alone",
            fix="let the option take a value, or send the flag alone",
        )
    elif len(sent.values) < option.values:
        wanted = "a value" if option.values == 1 else counted(option.values, "value")
        yield Finding(
            "SMG274",
            f"{sent.flag} takes {wanted} in the script, and its contract sends {len(sent.values) or 'none'}",
            option.place,
            given=f"{sent.flag} alone" if not sent.values else counted(len(sent.values), "value"),
            given_at=sent.place,
            expected=f"{wanted} behind {sent.flag}",
        )
