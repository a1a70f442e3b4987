"""Words that news hardly writes and people do: the speller takes none of them for an error."""

from __future__ import annotations

_OLD = """
    thou thee thy thine thyself shalt wilt hath hast doth dost saith wert canst wouldst
    couldst shouldst didst goeth cometh giveth maketh knoweth prithee methinks forsooth verily
    whither thither hither ere oft nigh ye
"""
_DIALECT = """
    cannae dinnae didnae wisnae isnae doesnae couldnae wouldnae shouldnae havenae aye bairn wee
    lassie bonnie auld cauld lang syne gie nae nowt owt summat innit
"""
_COLLOQUIAL = """
    lol lmao rofl omg wtf tbh idk imo imho btw brb smh fyi ppl pls plz thx luv gonna wanna gotta
    kinda sorta dunno lemme gimme nothin somethin goin doin comin talkin lookin makin havin bein
    sayin workin yall ain ya
"""
_COMPUTING = """
    sudo cmd config configs env param params localhost apt github linux ubuntu regex url urls api
    apis http https html css json xml sql npm pip stdout stdin vlc foreach ofstream ifstream
    tostring typeof instanceof
"""
_CALENDAR = """
    mon tue tues wed thu thur thurs fri sat sun jan feb mar apr jun jul aug sept sep oct nov dec
"""
# That look like two words.
_TWOFOLD = """
    alongshore betweenness aboutness againstness fromage herstory orgone themata thereunder thisaway
    metafictional
"""
RARE_ENGLISH = frozenset(
    f"{_TWOFOLD} {_OLD} {_DIALECT} {_COLLOQUIAL} {_COMPUTING} {_CALENDAR}".split()
)
