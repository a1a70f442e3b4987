"""Lists of English function words; they stand in no relation to one another."""

from __future__ import annotations

# Words that arbitrary keys replace in observed spun text, and their like: the commonest function
# words of news English. Only those that a document strangely lacks ever become candidates.
CLOSED_CLASS = """
    the of and to in for with on at by from as is was be are were have has had will would can could
    may not that this which who it its he she they his her their we you i an or but if when about
    after before between into over more most other some any all also been said than then there
    what out up so no new one two last near
""".split()  # noqa: SIM905 - a list of words reads better as words

# More function words: no candidates by themselves, but a document's key may turn out to hold them.
MORE_FUNCTION_WORDS = """
    a above across again against almost along already although always am among amongst another
    around because behind being below beyond both despite did do does done down due during each
    either even ever every except few first having here hers herself him himself how inside
    itself just least less like many me might mine much must my myself neither never next none
    nor now off often once only our ours ourselves outside own per same several shall should
    since still such theirs them themselves these those though three through too toward towards
    under unless until upon us very via well where whether while whom whose why within without
    yet your yours yourself
""".split()  # noqa: SIM905

FUNCTION_WORDS = tuple(dict.fromkeys([*CLOSED_CLASS, *MORE_FUNCTION_WORDS]))
